namespace ChargeCars.Bench.Running;

/// <summary>One benchmark: a subject, its baselines, and the rows that come of them.</summary>
internal interface IBenchmark
{
    /// <summary>By which it is asked for.</summary>
    string Name { get; }

    Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run);
}

/// <summary>All of them, in the order in which they run.</summary>
internal static class Benchmarks
{
    public static IReadOnlyList<IBenchmark> All { get; } =
    [
        new FixRates(), new FencedFixes(), new Commands(), new Organizations(), new Numbers(), new Reservations(), new GrainCalls(), new Resume(), new Reconnect(), new StartAndMemory(), new Overload(),
        new Screens(), new Waking(), new NearestOfMany(), new IdleScreens(), new StalledScreens(), new Logins(), new AuthorisedRequests(), new VehicleDay(), new CheckAndCandidates(),
        new Orders.OrderActions(), new Files.FileTransfers(), new Searches(), new Conversations.Calls(), new Conversations.MailImport(), new Conversations.Threads(),
    ];

    public static IBenchmark? Find(string name) => All.FirstOrDefault(benchmark => benchmark.Name == name);
}
