using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Operations;
using OrleansAuth.Storage.Audit;

namespace OrleansAuth.Audit;

/// <summary>What an export writes into its one file.</summary>
internal interface IExport
{
    /// <summary>The name of the file inside the archive.</summary>
    string File { get; }

    Task Write(StreamWriter writer, CancellationToken stop);
}

/// <summary>Reads a log from its beginning, part by part, so that an export of any size takes little memory.</summary>
/// <param name="Head">Comes before the entries; null for nothing.</param>
/// <param name="Line">One entry, without its end of line.</param>
internal sealed record LinesExport<T>(
    string File, string? Head, Func<T, string> Line, Func<LogPlace, int, CancellationToken, Task<IReadOnlyList<T>>> After, Func<T, LogPlace> PlaceOf) : IExport
{
    private const int AtOnce = 1_000;

    public async Task Write(StreamWriter writer, CancellationToken stop)
    {
        if (Head is not null) await writer.WriteAsync(Head);
        var place = LogPlace.Beginning;
        for (var count = AtOnce; count == AtOnce;)
        {
            var entries = await After(place, AtOnce, stop);
            foreach (var entry in entries)
            {
                await writer.WriteAsync(Line(entry).AsMemory(), stop);
                await writer.WriteAsync("\r\n".AsMemory(), stop);
            }

            if ((count = entries.Count) > 0) place = PlaceOf(entries[^1]);
        }
    }
}

/// <summary>A log as comma-separated values (RFC 4180).</summary>
internal sealed class CsvExport<T>(
    string file, IReadOnlyList<string> columns, Func<T, IReadOnlyList<string?>> cells, Func<LogPlace, int, CancellationToken, Task<IReadOnlyList<T>>> after, Func<T, LogPlace> placeOf)
    : IExport
{
    public string File => file;

    public Task Write(StreamWriter writer, CancellationToken stop) =>
        new LinesExport<T>(file, Csv.Line(columns) + "\r\n", entry => Csv.Line(cells(entry)), after, placeOf).Write(writer, stop);
}

internal static class Csv
{
    public static string Line(IEnumerable<string?> cells) => string.Join(',', cells.Select(Cell));

    /// <summary>
    /// A cell that a spreadsheet would take for a formula gets an apostrophe before it, so that what somebody typed as a name computes
    /// nothing on the machine of whoever opens the file.
    /// </summary>
    private static string Cell(string? value)
    {
        if (string.IsNullOrEmpty(value)) return "";
        if (value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n') value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

/// <summary>Exports of logs: an archive with one file, written while it is read.</summary>
internal static class LogExport
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>GET with the criteria in the query, and POST with <c>criteria</c>, <c>dateTimeSecondsFormat</c> and <c>zoneId</c> in the body.</summary>
    /// <param name="name">The archive is called so.</param>
    public static void MapExport(this IEndpointRouteBuilder routes, string path, string name, Func<LogSearch, ExportFormat, ApiRequest, Outcome<IExport>> export)
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

    private sealed class ArchiveResult(string name, IExport export, DateTimeOffset now) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (response, stop) = (httpContext.Response, httpContext.RequestAborted);
            response.ContentType = "application/zip";
            response.Headers.ContentDisposition = $"attachment; filename=\"{name}.zip\"";
            await using var archive = await ZipArchive.CreateAsync(response.Body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, stop);
            var entry = archive.CreateEntry(export.File, CompressionLevel.Fastest);
            entry.LastWriteTime = now;
            await using var file = await entry.OpenAsync(stop);
            await using var writer = new StreamWriter(file, Utf8, 32 * 1024);
            await export.Write(writer, stop);
        }
    }
}
