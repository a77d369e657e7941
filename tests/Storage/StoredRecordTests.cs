using System.Text;
using OrleansAuth.Common;
using OrleansAuth.Storage.Sessions;
using OrleansAuth.Storage.UserActions;
using OrleansAuth.Storage.Users;

namespace OrleansAuth.Storage;

/// <summary>Silos of two versions write the same rows while one replaces the other.</summary>
public sealed class StoredRecordTests
{
    [Fact]
    public void Every_record_that_a_row_holds_keeps_what_a_newer_version_put_there()
    {
        var records = Reachable(typeof(StoredRecord).Assembly.GetTypes().Where(type => IsRecord(type) && type.GetMethod("Read", [typeof(ReadOnlyMemory<byte>)]) is not null));
        Assert.True(records.Count > 15, $"Found only {records.Count}.");
        Assert.Empty(records.Where(type => !type.IsAssignableTo(typeof(StoredRecord)) && !type.IsAssignableTo(typeof(ContractObject))).Select(type => type.Name));
    }

    [Fact]
    public void A_session_that_is_rotated_keeps_what_this_version_does_not_know()
    {
        var stored = """{"tenantId":"0192d3a4-0000-7000-8000-000000000002","userId":"0192d3a4-0000-7000-8000-000000000001","valueHash":"AQ==","opened":1,"insertInstant":1,"startInstant":1,"grant":{"scope":"openid","authenticationType":"PASSWORD","assurance":"high"},"boundTo":"device"}""";
        var rotated = StoredSession.Read(Encoding.UTF8.GetBytes(stored)) with { ValueHash = [2], Rotation = new StoredRotation([1], [3], 5) };
        var written = Encoding.UTF8.GetString(rotated.Write());
        Assert.Contains("\"boundTo\":\"device\"", written, StringComparison.Ordinal);
        Assert.Contains("\"assurance\":\"high\"", written, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_newer_version_keeps_beside_an_action_is_not_shown_by_this_one()
    {
        var stored = """{"id":"0192d3a4-0000-7000-8000-000000000001","actioneeUserId":"0192d3a4-0000-7000-8000-000000000002","insertInstant":1,"name":"Ban","userActionId":"0192d3a4-0000-7000-8000-000000000003","newer":"secret","history":[{"phase":"Start","createInstant":1,"newer":"secret"}]}""";
        var action = StoredAction.Read(Encoding.UTF8.GetBytes(stored));
        Assert.DoesNotContain("newer", action.Show().ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("\"newer\":\"secret\"", Encoding.UTF8.GetString(action.Then(ActionPhase.End, null, null, 2).Write()), StringComparison.Ordinal);
    }

    [Fact]
    public void Tries_of_something_that_only_a_newer_version_limits_hinder_nobody_and_stay_counted()
    {
        var attempts = UserAttempts.Read("""{"windows":{"FailedLogin":{"since":1,"last":2,"count":3},"SmileAtCamera":{"since":4,"last":5,"count":6}}}"""u8.ToArray());
        Assert.Equal(3, attempts.Of(LimitedAction.FailedLogin).Count);
        var written = Encoding.UTF8.GetString(attempts.Without(LimitedAction.FailedLogin).Write());
        Assert.Contains("\"SmileAtCamera\":{\"since\":4,\"last\":5,\"count\":6}", written, StringComparison.Ordinal);
        Assert.DoesNotContain("FailedLogin", written, StringComparison.Ordinal);
    }

    /// <summary>Those, and the records of this assembly that they hold.</summary>
    private static HashSet<Type> Reachable(IEnumerable<Type> roots)
    {
        var (found, open) = (new HashSet<Type>(), new Queue<Type>(roots));
        while (open.TryDequeue(out var type))
        {
            if (!found.Add(type)) continue;
            foreach (var part in type.GetProperties().SelectMany(property => Parts(property.PropertyType)))
                if (part.Assembly == typeof(StoredRecord).Assembly && IsRecord(part)) open.Enqueue(part);
        }

        return found;
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.GetGenericArguments().SelectMany(Parts).Append(type.IsArray ? type.GetElementType()! : Nullable.GetUnderlyingType(type) ?? type);

    private static bool IsRecord(Type type) => type is { IsClass: true } && type.GetMethod("<Clone>$") is not null;
}
