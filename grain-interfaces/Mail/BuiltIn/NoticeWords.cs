namespace OrleansAuth.Mail;

/// <summary>
/// The words of one built-in message in one language. They may hold the variables <c>{{name}}</c>, whose account it is, and
/// <c>{{lifetime}}</c>; never what a stranger could have typed, such as the name of the user.
/// </summary>
/// <param name="Subject">Of the mail.</param>
/// <param name="Lead">What has happened, in a sentence or two.</param>
/// <param name="Short">All of it in one sentence for a phone; link and code follow on lines of their own.</param>
internal sealed record NoticeWords(string Subject, string Lead, string Short)
{
    /// <summary>What the link is for, where there is one.</summary>
    public string Link { get; init; } = "";

    /// <summary>What the code is for, where there is one.</summary>
    public string Code { get; init; } = "";

    /// <summary>What to do if it was somebody else.</summary>
    public string Close { get; init; } = "";
}
