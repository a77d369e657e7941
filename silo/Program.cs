using OrleansAuth.Hosting;

if (args.FirstOrDefault() == HealthProbe.Verb) return await HealthProbe.Run(args[1..], SiloServer.DefaultUrl);

if (!EngineSetup.RunsAlone)
{
    await Console.Error.WriteLineAsync("""
        A silo of its own needs the cluster build: dotnet run --project silo -p:Engine=orleans
        On one machine the web tier hosts the grains itself: dotnet run --project web
        """);
    return 1;
}

return await SiloServer.Run(args);
