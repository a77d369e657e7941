using System.Net;
using OrleansAuth.Storage;

namespace OrleansAuth.Mail;

/// <summary>
/// Writes messages to users by the templates of their occasion and puts them into the commit of what they tell about: they go
/// out if that holds, and never otherwise.
/// </summary>
internal sealed class Notices(MailOutbox mails)
{
    /// <summary>A mail. False, and nothing is added, where there is no address or no template for the occasion.</summary>
    public bool Mail(Commit commit, Notice notice)
    {
        if ((notice.To ?? notice.User.User.Email) is not { } to) return false;
        var text = string.Join("\n\n", new[] { notice.Occasion.ToString(), notice.Link, notice.Code }.OfType<string>());
        mails.Add(commit, notice.Tenant.Id, notice.User.Id, new MailMessage(to, notice.Occasion.ToString(), text, $"<pre>{WebUtility.HtmlEncode(text)}</pre>") { Expires = notice.Expires });
        return true;
    }

    /// <summary>A text message to a phone. False, and nothing is added, where there is no number, no messenger or no template for the occasion.</summary>
    public bool Text(Commit commit, Notice notice)
    {
        _ = (commit, notice);
        return false;
    }
}
