namespace OrleansAuth.Users;

/// <summary>The user, as somebody who is told of what others do.</summary>
[Alias("user-notices")]
public interface IUserNoticeGrain : IGrainWithStringKey
{
    /// <summary>Somebody wanted a name that this user has. Told a few times a day at most, so that nobody can fill a mailbox.</summary>
    [Alias("name-wanted")]
    Task NameWanted(TellNameWanted command);
}

/// <param name="ForNewUser">For a new user; else for one that exists.</param>
[GenerateSerializer, Immutable, Alias("user.name-wanted.v1")]
public sealed record TellNameWanted(bool ForNewUser);

/// <summary>How users are found, to be told of something.</summary>
public static class UserNoticeGrainKeys
{
    /// <summary>The key is the user's, as <see cref="UserGrainKeys"/> writes it.</summary>
    public static IUserNoticeGrain UserNotices(this IGrainFactory grains, Guid tenantId, Guid userId) => grains.GetGrain<IUserNoticeGrain>($"{tenantId:N}/{userId:N}");
}
