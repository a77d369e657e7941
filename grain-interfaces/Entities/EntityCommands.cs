using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Entities;

/// <param name="Entity">The entity as the caller sent it, client secret in the clear.</param>
[GenerateSerializer, Immutable, Alias("entity.create.v1")]
public sealed record CreateEntity(JsonText Entity, Actor Actor);

/// <param name="Change">The entity or the patch, in the form that <paramref name="Kind"/> says.</param>
[GenerateSerializer, Immutable, Alias("entity.change.v1")]
public sealed record ChangeEntity(ChangeKind Kind, JsonText Change, Actor Actor);

/// <summary>Removes an entity for good.</summary>
[GenerateSerializer, Immutable, Alias("entity.remove.v1")]
public sealed record RemoveEntity(Actor Actor);

/// <param name="Grant">The grant as the caller sent it; takes the place of the one that its recipient has.</param>
[GenerateSerializer, Immutable, Alias("entity.grant.v1")]
public sealed record GrantOnEntity(JsonText Grant, Actor Actor);

/// <summary>Takes away what a recipient was granted on an entity.</summary>
[GenerateSerializer, Immutable, Alias("entity.revoke.v1")]
public sealed record RevokeOnEntity(GrantRecipient Recipient, Actor Actor);

/// <summary>Who holds a grant.</summary>
/// <param name="IsUser">Otherwise <paramref name="Id"/> is an entity's.</param>
[GenerateSerializer, Immutable, Alias("entity.recipient.v1")]
public sealed record GrantRecipient(bool IsUser, Guid Id)
{
    public override string ToString() => IsUser ? $"user [{Id}]" : $"entity [{Id}]";
}

/// <summary>An entity as the API shows it, client secret in the clear; an empty object where only the success counts.</summary>
[GenerateSerializer, Immutable, Alias("entity.view.v1")]
public sealed record EntityView(JsonText Entity);
