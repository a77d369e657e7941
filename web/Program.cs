using OrleansAuth.Common;

var server = AuthServer.Create(args);
return await server.Run();
