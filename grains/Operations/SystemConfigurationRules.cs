using OrleansAuth.Common;
using OrleansAuth.Configuration;

namespace OrleansAuth.Operations;

/// <summary>What makes the configuration of the server valid.</summary>
internal sealed class SystemConfigurationRules() : FamilyRules<SystemConfiguration>(Families.SystemConfigurations)
{
    private const int LongestStay = 36_500;

    protected override void Check(SystemConfiguration next, SystemConfiguration? current, RuleContext context, Errors errors)
    {
        Check(next.AuditLogConfiguration.Delete, "auditLogConfiguration.delete");
        Check(next.LoginRecordConfiguration.Delete, "loginRecordConfiguration.delete");
        Check(next.WebhookEventLogConfiguration.Delete, "webhookEventLogConfiguration.delete");
        errors.InRange(next.EventLogConfiguration.NumberToRetain, "eventLogConfiguration.numberToRetain", 1, 10_000_000);
        errors.InRange(next.UsageDataConfiguration.NumberOfDaysToRetain, "usageDataConfiguration.numberOfDaysToRetain", 1, LongestStay);
        errors.InRange(next.CorsConfiguration.PreflightMaxAgeInSeconds, "corsConfiguration.preflightMaxAgeInSeconds", 0);
        errors.DataIsObject(next.UiConfiguration, "uiConfiguration");
        if (TimeZones.Find(next.ReportTimezone) is null)
            errors.Add("reportTimezone", "invalid", "The [systemConfiguration.reportTimezone] must be a time zone that this server knows, such as [Europe/Vienna].");

        void Check(DeleteConfiguration delete, string field) => errors.InRange(delete.NumberOfDaysToRetain, $"{field}.numberOfDaysToRetain", 1, LongestStay);
    }
}
