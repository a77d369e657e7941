using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Operations;

namespace OrleansAuth.Audit;

/// <summary>Exports of logs: an archive with one file, written while it is read.</summary>
internal static class LogExport
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>GET with the criteria in the query, and POST with <c>criteria</c>, <c>dateTimeSecondsFormat</c> and <c>zoneId</c> in the body.</summary>
    /// <param name="name">The archive is called so.</param>
    public static void MapExport(this IEndpointRouteBuilder routes, string path, string name, Func<LogSearch, ExportFormat, ApiRequest, Outcome<ExportFile>> export)
    {
        routes.MapGet(path, (ApiRequest request) =>
        {
            var query = request.Http.Request.Query;
            var sent = new JsonObject { ["dateTimeSecondsFormat"] = query.Sent("dateTimeSecondsFormat"), ["zoneId"] = query.Sent("zoneId") };
            return Run(sent, LogSearch.FromQuery(request.Http), request);
        }).Allow(ApiAccess.Key);
        routes.MapPost(path, async (ApiRequest request) =>
        {
            var body = await RequestBody.ReadObject(request.Http);
            if (body.Refusal is { } malformed) return ErrorResponses.From(malformed);
            var search = LogSearch.FromBody(body.Value!, "criteria");
            return search.Refusal is { } refusal ? ErrorResponses.From(refusal) : Run(body.Value!, search.Value!, request);
        }).Allow(ApiAccess.Key);

        IResult Run(JsonObject sent, LogSearch search, ApiRequest request)
        {
            var format = ExportFormat.From(sent, request.Snapshot.Find<SystemConfiguration>(SystemConfiguration.TheOne)!);
            if (format.Refusal is { } wrong) return ErrorResponses.From(wrong);
            var made = export(search, format.Value!, request);
            return made.Refusal is { } refusal ? ErrorResponses.From(refusal) : new ArchiveResult(name, made.Value!, request.Now);
        }
    }

    private sealed class ArchiveResult(string name, ExportFile export, DateTimeOffset now) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (response, stop) = (httpContext.Response, httpContext.RequestAborted);
            response.ContentType = "application/zip";
            response.Headers.ContentDisposition = $"attachment; filename=\"{name}.zip\"";
            // An archive closes its parts synchronously: by the pipe that is a write into memory, where the response itself would refuse it.
            await using var archive = await ZipArchive.CreateAsync(response.BodyWriter.AsStream(leaveOpen: true), ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, stop);
            var entry = archive.CreateEntry(export.Name, CompressionLevel.Fastest);
            entry.LastWriteTime = now;
            await using var file = await entry.OpenAsync(stop);
            await using var writer = new StreamWriter(file, Utf8, 32 * 1024, leaveOpen: true);
            await export.Write(writer, stop);
        }
    }
}
