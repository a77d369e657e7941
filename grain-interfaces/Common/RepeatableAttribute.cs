namespace OrleansAuth.Common;

/// <summary>
/// A grain's method that a caller may call again where it does not know how the first call ended: because a silo went while it had
/// the call, for instance. It reads, or what it does twice harms nobody: a second login record, a session that nobody holds, a wrong
/// password that counts twice. Whatever spends something, or answers differently the second time, is none: the answer to the second call
/// would report as refused what the first one did.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RepeatableAttribute : Attribute;
