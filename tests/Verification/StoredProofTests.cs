using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Storage.Secrets;
using OrleansAuth.Storage.Users;
using OrleansAuth.Storage.Verification;

namespace OrleansAuth.Verification;

/// <summary>Yesterday's rows still read.</summary>
public sealed class StoredProofTests
{
    private const string User = """{"user":{"id":"22222222-2222-2222-2222-222222222222","tenantId":"33333333-3333-3333-3333-333333333333"}}""";
    private const string Proof = """{"idHash":"verification/ab","expiresAt":9,"value":"ada@example.com","sent":true,"generation":2,"wrong":1,"sealed":"x","browser":"b"}""";
    private const string Id = """{"kind":"Registration","userId":"22222222-2222-2222-2222-222222222222","applicationId":"33333333-3333-3333-3333-333333333333","state":{"a":[1,null]}}""";
    private const string Wish = """{"kind":"Passwordless","loginId":"ada","loginIdTypes":["email"],"applicationId":"33333333-3333-3333-3333-333333333333","state":{"a":1},"linkOrigin":"https://a.example","address":"192.0.2.1","strategy":"FormField","proofId":"x","browser":"b"}""";

    [Fact]
    public void A_user_of_an_earlier_version_has_nothing_to_prove_and_is_written_as_before()
    {
        var user = StoredUser.Read(Encoding.UTF8.GetBytes(User));
        Assert.Null(user.Proofs);
        Assert.DoesNotContain("proofs", Encoding.UTF8.GetString(user.Write()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_proof_reads_and_writes_the_same_bytes()
    {
        var proof = ContractJson.Read<StoredProof>(Encoding.UTF8.GetBytes(Proof));
        Assert.Equal(("verification/ab", 9L, true, 1), (proof.IdHash, proof.ExpiresAt, proof.Sent, proof.Wrong));
        Assert.Equal(Proof, JsonText.From(proof).ToString());
        var user = StoredUser.Read(Encoding.UTF8.GetBytes(User)).WithProof("email", proof, 1);
        Assert.Equal(proof, StoredUser.Read(user.Write()).Proof("email", 8));
        Assert.Null(user.Proof("email", 9));
    }

    [Fact]
    public void What_an_id_stands_for_reads_and_writes_the_same_bytes()
    {
        var id = StoredProofId.Read(new JsonText(Encoding.UTF8.GetBytes(Id)));
        Assert.Equal(ProofKind.Registration, id.Kind);
        Assert.Equal(Id, JsonText.From(id).ToString());
        const string Open = """{"kind":"PhoneNumber","open":{"idHash":"verification/ab","expiresAt":9,"value":"+4915112345678"},"completed":true,"messages":2}""";
        Assert.Equal(Open, JsonText.From(StoredProofId.Read(new JsonText(Encoding.UTF8.GetBytes(Open)))).ToString());
    }

    [Fact]
    public void A_wish_reads_and_writes_the_same_bytes_and_opens_in_its_place_only()
    {
        var (secrets, id) = (new SecretBox(new byte[32]), Guid.NewGuid());
        var wish = ProofWish.Open(secrets, id, Encoding.UTF8.GetBytes(secrets.Seal(Wish, $"outbox/{id:N}/body")));
        Assert.Equal(Wish, secrets.Open(Encoding.UTF8.GetString(wish.Seal(secrets, id)), $"outbox/{id:N}/body"));
        Assert.ThrowsAny<Exception>(() => ProofWish.Open(secrets, Guid.NewGuid(), wish.Seal(secrets, id)));
    }

    [Fact]
    public void Of_logins_that_are_under_way_the_oldest_gives_way()
    {
        var user = StoredUser.Read(Encoding.UTF8.GetBytes(User));
        for (var i = 0; i < 7; i++)
        {
            var proof = new StoredProof { IdHash = $"passwordless/{i}", ExpiresAt = 100 + i };
            user = user.WithProof(ProofKeys.Of(ProofKind.Passwordless, null, proof.IdHash), proof, 1);
        }

        Assert.Equal(ProofKeys.MostLogins, user.Proofs!.Count);
        Assert.Null(user.Proof(ProofKeys.Of(ProofKind.Passwordless, null, "passwordless/1"), 1));
        Assert.NotNull(user.Proof(ProofKeys.Of(ProofKind.Passwordless, null, "passwordless/2"), 1));
        Assert.Null(user.WithoutLogins().Proofs);
    }
}
