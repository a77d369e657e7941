using System.Text.Json.Nodes;

namespace OrleansAuth.Forms;

public sealed class FormAnswersTests
{
    private static readonly FormField Email = BuiltIn("user.email");
    private static readonly FormField Password = BuiltIn("user.password") with { Confirm = true };
    private static readonly FormField Size = new() { Key = "user.data.shirt.size", Name = "Size", Control = FormControl.Select, Options = ["S", "M"] };
    private static readonly FormField Age = new() { Key = "registration.data.age", Name = "Age", Type = FormDataType.Number };
    private static readonly FormField News = new() { Key = "user.data.news", Name = "News", Type = FormDataType.Bool, Control = FormControl.Checkbox };
    private static readonly FormField Code = new() { Key = "user.data.code", Name = "Code", Validator = new() { Enabled = true, Expression = "[A-Z]{3}" } };

    [Fact]
    public void What_was_typed_becomes_user_and_registration()
    {
        var consent = new FormField { Key = "consents['x']", Name = "C", Type = FormDataType.Consent, Control = FormControl.Checkbox, ConsentId = Guid.NewGuid() };
        var answers = Read([Email, Password, Size, Age, News, Code, BuiltIn("user.birthDate"), BuiltIn("user.preferredLanguages"), consent], new()
        {
            ["user.email"] = " ada@example.com ",
            ["user.password"] = " with blanks ",
            ["confirm.user.password"] = " with blanks ",
            ["user.data.shirt.size"] = "M",
            ["registration.data.age"] = "36.5",
            ["user.data.news"] = "true",
            ["user.data.code"] = "ABC",
            ["user.birthDate"] = "1815-12-10",
            ["user.preferredLanguages"] = "en, de",
            ["consents['x']"] = "true",
        });
        Assert.Empty(answers.Errors);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"email":"ada@example.com","password":" with blanks ","data":{"shirt":{"size":"M"},"news":true,"code":"ABC"},"birthDate":"1815-12-10","preferredLanguages":["en","de"]}
            """), answers.User), answers.User.ToJsonString());
        Assert.Equal("""{"data":{"age":36.5}}""", answers.Registration.ToJsonString());
        Assert.Equal(consent.ConsentId, Assert.Single(answers.Consents));
    }

    [Theory]
    [InlineData("user.email", "", "[blank]user.email")]
    [InlineData("user.email", "ada", "[invalid]user.email")]
    [InlineData("user.data.shirt.size", "XXL", "[invalid]user.data.shirt.size")]
    [InlineData("registration.data.age", "old", "[invalid]registration.data.age")]
    [InlineData("user.data.news", "maybe", "[invalid]user.data.news")]
    [InlineData("user.data.code", "abc", "[invalid]user.data.code")]
    [InlineData("user.data.code", "ABCD", "[invalid]user.data.code")]
    [InlineData("user.birthDate", "10.12.1815", "[invalid]user.birthDate")]
    [InlineData("user.password", "one", "[doNotMatch]user.password")]
    public void What_does_not_fit_its_field_is_refused(string key, string value, string code)
    {
        var sent = new Dictionary<string, string> { ["user.email"] = "ada@example.com", ["user.password"] = "x", ["confirm.user.password"] = "x", [key] = value };
        var answers = Read([Email, Password, Size, Age, News, Code, BuiltIn("user.birthDate")], sent);
        Assert.Equal(code, Assert.Single(answers.Errors).Code);
        Assert.Equal(key, answers.Errors[0].Field);
    }

    [Fact]
    public void A_value_that_no_field_asked_for_goes_nowhere()
    {
        var answers = Read([Email], new() { ["user.email"] = "ada@example.com", ["user.verified"] = "true", ["registration.roles"] = "admin", ["user.data.x"] = "1" });
        Assert.Equal("""{"email":"ada@example.com"}""", answers.User.ToJsonString());
        Assert.Equal("{}", answers.Registration.ToJsonString());
    }

    private static FormField BuiltIn(string key) => BuiltInForms.Fields.Single(f => f.Key == key);

    private static FormAnswers Read(FormField[] fields, Dictionary<string, string> sent) => FormAnswers.Read(fields, name => sent.GetValueOrDefault(name));
}
