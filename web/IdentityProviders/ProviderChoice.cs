using OrleansAuth.Applications;
using OrleansAuth.Common;
using OrleansAuth.Storage.Configuration;
using OrleansAuth.Themes;

namespace OrleansAuth.IdentityProviders;

/// <summary>A provider on the sign-in page.</summary>
/// <param name="Href">Where the login there begins.</param>
internal sealed record ProviderButton(Guid Id, string Href, string Text, string? Image);

/// <summary>Which providers people of an application may sign in with.</summary>
internal sealed class ProviderChoice(ConfigurationReader configuration)
{
    /// <summary>Where the login at a provider begins, without the request.</summary>
    public static string PathOf(IdentityProvider provider) => $"/oauth2/identity-provider/{provider.Id}";

    /// <summary>The provider, where it serves the application.</summary>
    public IdentityProvider? Find(Application application, Guid id) =>
        configuration.Current.Find<IdentityProvider>(id) is { } provider && provider.Serves(application) ? provider : null;

    /// <summary>The provider that the request asks for (<c>idp_hint</c>: its id, as the contract has it).</summary>
    public IdentityProvider? Hinted(Application application, string? hint) => Guid.TryParse(hint, out var id) ? Find(application, id) : null;

    /// <summary>The buttons of the sign-in page: providers without domains, by name. Those with domains are found by what people type.</summary>
    public IReadOnlyList<ProviderButton> Buttons(HttpContext http, Application application, Func<string, string> pathTo, HostedPage page) =>
    [
        .. Serving(application).Where(p => p.Domains.IsEmpty).OrderBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ThenBy(p => p.Id).Select(provider =>
        {
            var own = provider.ApplicationConfiguration[application.Id];
            var image = own.ButtonImageURL ?? provider.ButtonImageURL;
            if (image is not null) ContentPolicy.Of(http).AllowImage(image);
            return new ProviderButton(provider.Id, pathTo(PathOf(provider)), own.ButtonText ?? provider.ButtonText ?? page.Text("idp.button", provider.Name ?? ""), image);
        }),
    ];

    /// <summary>Whether the address that somebody types may decide where he signs in.</summary>
    public bool HasDomains(Application application) => Serving(application).Any(p => !p.Domains.IsEmpty);

    /// <summary>The provider whose people have such addresses: one of the tenant before one of all.</summary>
    public IdentityProvider? OfDomain(Application application, string? loginId) =>
        DomainOf(loginId) is { } domain ? Serving(application).Where(p => p.Domains.Contains(domain)).OrderBy(p => p.TenantId is null).FirstOrDefault() : null;

    /// <summary>The domain of an address, in lower case; null where it is none.</summary>
    public static string? DomainOf(string? loginId) =>
        loginId is { Length: <= 256 } && loginId.LastIndexOf('@') is > 0 and var at && at < loginId.Length - 1 ? loginId[(at + 1)..].Trim().ToLowerInvariant() : null;

    private IEnumerable<IdentityProvider> Serving(Application application) => configuration.Current.All<IdentityProvider>().Where(p => p.Serves(application));
}
