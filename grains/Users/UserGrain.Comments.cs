using OrleansAuth.Common;
using OrleansAuth.Storage;

namespace OrleansAuth.Users;

internal sealed partial class UserGrain
{
    private const int LongestComment = 10_000;

    public async Task<Outcome<UserCommentView>> Comment(CommentOnUser command)
    {
        if (_user is null) return Refusal.NotFound;
        var errors = new Errors("userComment");
        errors.Required(command.Comment, "comment", LongestComment);
        if (errors.Any) return errors.Refusal;
        var view = new UserCommentView(Guid.CreateVersion7(clock.UtcNow), _userId, command.CommenterId, command.Comment, clock.Now);
        await Store(
            new Commit().Upsert(
                Tables.UserComment,
                ("id", view.Id), ("user_id", _userId), ("commenter_id", view.CommenterId), ("tenant_id", _tenantId), ("comment", view.Comment),
                ("insert_instant", view.InsertInstant)),
            telling: null,
            _user,
            _logins);
        return view;
    }
}
