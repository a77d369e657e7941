namespace OrleansAuth.Themes;

/// <summary>The colours among a theme's variables.</summary>
public static class ThemeColors
{
    /// <summary>Each with its name in the contract; null where the theme leaves it out.</summary>
    public static IEnumerable<(string Name, string? Value)> Of(SimpleThemeVariables variables) =>
    [
        ("alertBackgroundColor", variables.AlertBackgroundColor), ("alertFontColor", variables.AlertFontColor),
        ("deleteButtonColor", variables.DeleteButtonColor), ("deleteButtonFocusColor", variables.DeleteButtonFocusColor),
        ("deleteButtonTextColor", variables.DeleteButtonTextColor), ("deleteButtonTextFocusColor", variables.DeleteButtonTextFocusColor),
        ("errorFontColor", variables.ErrorFontColor), ("errorIconColor", variables.ErrorIconColor), ("fontColor", variables.FontColor),
        ("iconBackgroundColor", variables.IconBackgroundColor), ("iconColor", variables.IconColor), ("infoIconColor", variables.InfoIconColor),
        ("inputBackgroundColor", variables.InputBackgroundColor), ("inputIconColor", variables.InputIconColor), ("inputTextColor", variables.InputTextColor),
        ("linkTextColor", variables.LinkTextColor), ("linkTextFocusColor", variables.LinkTextFocusColor), ("monoFontColor", variables.MonoFontColor),
        ("pageBackgroundColor", variables.PageBackgroundColor), ("panelBackgroundColor", variables.PanelBackgroundColor),
        ("primaryButtonColor", variables.PrimaryButtonColor), ("primaryButtonFocusColor", variables.PrimaryButtonFocusColor),
        ("primaryButtonTextColor", variables.PrimaryButtonTextColor), ("primaryButtonTextFocusColor", variables.PrimaryButtonTextFocusColor),
    ];
}
