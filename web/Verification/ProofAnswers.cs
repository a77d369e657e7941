using System.Text.Json.Nodes;
using OrleansAuth.Common;
using OrleansAuth.Users;

namespace OrleansAuth.Verification;

/// <summary>How ids and codes stand in answers. Only callers with a key ever get one.</summary>
internal static class ProofAnswers
{
    /// <summary>To who asked for another id.</summary>
    public static IResult HandedOut(ProofHandedOut proof) => ContractResults.Json(Members(proof, "verificationId"));

    /// <summary>The members of an answer about an id; none where nothing was handed out.</summary>
    public static JsonObject Members(ProofHandedOut proof, string idName)
    {
        var answer = new JsonObject();
        if (proof.Id is { } id) answer[idName] = id;
        if (proof.Code is { } code) answer["oneTimeCode"] = code;
        return answer;
    }

    /// <summary>Adds what came with the creation of a user: as the contract's newer member for identities, and as its older ones.</summary>
    public static void Add(JsonObject answer, UserCreated created)
    {
        if (created.Proofs.IsDefaultOrEmpty) return;
        foreach (var proof in created.Proofs.Where(p => p.Kind == ProofKind.Email))
        {
            answer["emailVerificationId"] = proof.Id;
            if (proof.Code is { } code) answer["emailVerificationOneTimeCode"] = code;
        }

        foreach (var proof in created.Proofs.Where(p => p.Kind == ProofKind.Registration))
        {
            Put(answer, "registrationVerificationIds", proof.ApplicationId, proof.Id);
            Put(answer, "registrationVerificationOneTimeCodes", proof.ApplicationId, proof.Code);
        }

        AddIdentities(answer, created.Proofs);
    }

    /// <summary>The same where the answer is about one registration.</summary>
    public static void AddRegistration(JsonObject answer, IReadOnlyCollection<OwedProof> proofs)
    {
        foreach (var proof in proofs.Where(p => p.Kind == ProofKind.Registration))
        {
            answer["registrationVerificationId"] = proof.Id;
            if (proof.Code is { } code) answer["registrationVerificationOneTimeCode"] = code;
        }

        AddIdentities(answer, proofs);
    }

    private static void AddIdentities(JsonObject answer, IReadOnlyCollection<OwedProof> proofs)
    {
        var ids = proofs.Where(p => p.Kind is ProofKind.Email or ProofKind.PhoneNumber).Select(proof =>
        {
            var shown = new JsonObject { ["id"] = proof.Id };
            if (proof.Code is { } code) shown["oneTimeCode"] = code;
            shown["type"] = new JsonObject { ["name"] = proof.Kind == ProofKind.Email ? "email" : "phoneNumber" };
            shown["value"] = proof.Value;
            return (JsonNode)shown;
        }).ToArray();
        if (ids.Length > 0) answer["verificationIds"] = new JsonArray(ids);
    }

    private static void Put(JsonObject answer, string member, Guid? application, string? value)
    {
        if (value is null || application is null) return;
        if (answer[member] is not JsonObject map) answer[member] = map = [];
        map[application.Value.ToString()] = value;
    }
}
