using OrleansAuth.CommandLine;
using OrleansAuth.Common;
using OrleansAuth.Hosting;

// The server itself is not started for this: it runs already, and this asks how it is.
if (args.FirstOrDefault() == HealthProbe.Verb) return await HealthProbe.Run(args[1..], AuthServer.DefaultUrl);

if (await Commands.Run(args) is { } exitCode) return exitCode;
var server = AuthServer.Create(args);
return await server.Run();
