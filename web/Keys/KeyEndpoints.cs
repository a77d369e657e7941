using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Keys;

/// <summary>The key master: keys are generated or imported, renamed, and deleted when nobody uses them.</summary>
internal static class KeyEndpoints
{
    private static readonly ConfigurationRoutes Routes = new(Families.Keys, "/api/key") { Show = (value, _) => Show((Key)value) };

    private static readonly ConfigurationRoutes Generating = Routes with { Path = "/api/key/generate", Prepare = Generate };

    private static readonly ConfigurationRoutes Importing = Routes with { Path = "/api/key/import" };

    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        Routes.MapRead(routes).MapList(routes).MapSearch(routes).MapReplace(routes).MapRemove(routes);
        Generating.MapCreate(routes);
        Importing.MapCreate(routes);
    }

    /// <summary>Makes the key here, away from any grain's turn: an RSA key takes a while. The grain checks what arrives.</summary>
    private static Refusal? Generate(JsonObject sent, JsonObject body, ApiRequest request)
    {
        var errors = new Errors("key");
        if (ContractReading.Read<Key>(ContractJson.WithoutNulls((JsonObject)sent.DeepClone()), "key", errors) is not { } wanted) return errors.Refusal;
        errors.Required(wanted.Name, "name");
        errors.NotLonger(wanted.Issuer, "issuer", 255);
        if (sent["algorithm"] is null) errors.Add("algorithm", "missing", "The [key.algorithm] is missing.");
        if (errors.Any) return errors.Refusal;
        var made = KeyGenerator.Generate(wanted.Algorithm, request.Now, wanted.Length == 0 ? null : wanted.Length, wanted.Issuer, wanted.Kid);
        if (made.Fault is { } fault) return Refusal.Invalid(new ContractError($"key.{fault.Field}", fault.Code, $"The [key.{fault.Field}] does not fit the algorithm."));
        var parts = made.Key!.Parts;
        (sent["kid"], sent["publicKey"], sent["privateKey"], sent["certificate"], sent["secret"]) =
            (parts.Kid, parts.PublicKey, parts.PrivateKey, parts.Certificate, parts.Secret);
        return null;
    }

    private static JsonObject Show(Key key)
    {
        var shown = Families.Keys.Shown(key);
        if (key.Certificate is not null && KeyImport.Read(key.Parts()).Key?.Certificate is { } certificate)
            shown["certificateInformation"] = ContractJson.ToNode(certificate);
        return shown;
    }
}
