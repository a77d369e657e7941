using OrleansAuth.CommandLine;
using OrleansAuth.Common;

if (await Commands.Run(args) is { } exitCode) return exitCode;
var server = AuthServer.Create(args);
return await server.Run();
