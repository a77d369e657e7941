using OrleansAuth.Audit;
using OrleansAuth.Events;
using OrleansAuth.Mfa;

namespace OrleansAuth.Users;

/// <summary>What the slices around users give to an import.</summary>
internal sealed record ImportServices(IPasswordHasher Passwords, SecondFactors Factors, EventSource Events, AuditLog Audit);
