using System.Collections.Immutable;

namespace OrleansAuth.Mail;

/// <summary>A list in memory, bounded.</summary>
[GrainType("mail-catcher")]
internal sealed class MailCatcherGrain : Grain, IMailCatcherGrain
{
    private const int Most = 100;
    private ImmutableArray<CaughtMail> _mails = [];

    public Task Catch(CaughtMail mail)
    {
        _mails = [mail, .. _mails.Where(known => known.Id != mail.Id).Take(Most - 1)];
        DelayDeactivation(TimeSpan.FromDays(1));
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<CaughtMail>> Newest() => Task.FromResult(_mails);
}
