using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using ChargeCars.Identity.Accounts;
using ChargeCars.Bench.Load;
using ChargeCars.Bench.Running;

namespace ChargeCars.Bench;

/// <summary>Logins a second over HTTP, beside the hash alone: a login costs what its hash costs, on purpose.</summary>
internal sealed class Logins : IBenchmark
{
    // As many as are let in or may wait; more are answered 429.
    private const int Callers = Passwords.AtATime + Passwords.Waiting - 2;
    private const string Password = "a password of the benchmark";

    public string Name => "logins";

    public async Task<IReadOnlyList<Measurement>> RunAsync(BenchRun run)
    {
        await using var server = await BenchServer.StartAsync();
        await using var host = await BenchHost.StartAsync(server);
        await MakeAccountsAsync(host);
        var (core, cores) = (Bare(1, run.Measured / 3), Bare(Environment.ProcessorCount, run.Measured / 3));
        var callers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var line = await HttpLine.OpenAsync(host.Url);
            var request = Requests.Post(host, "/api/auth/login", Encoding.ASCII.GetBytes($$"""{"email":"{{caller}}@bench.nl","password":"{{Password}}"}"""));
            return (Func<Task<int>>)(async () =>
            {
                var (status, body) = await line.AskAsync(request);
                return status == 200 ? 1 : throw Requests.Unexpected(status, body);
            });
        }));
        var logins = await ClosedLoop.RunAsync(callers, run.WarmUp, run.Measured, host.MeterCpu);
        return
        [
            new()
            {
                Work = $"logins over HTTP, {Callers} accounts at a time", Result = $"{logins.Rate:N1}/s", Latency = logins.Latency,
                Baseline = $"PBKDF2-HMAC-SHA512, {Passwords.Iterations:N0} iterations, and nothing else: {core:N1}/s a core, {cores:N1}/s on all {Environment.ProcessorCount}",
                Ratio = logins.Rate / cores, Cpu = logins.Cpu,
                Note = $"{Passwords.AtATime} are hashed at a time, {Passwords.Waiting} wait, more are answered 429: the latency is that of the queue.",
            },
        ];
    }

    private static async Task MakeAccountsAsync(BenchHost host)
    {
        using var passwords = new Passwords();
        await using var insert = host.Database.CreateCommand("""
            WITH person AS (
                INSERT INTO contact (id, first_name, last_name, email)
                SELECT gen_random_uuid(), 'Bench', 'Mark', n || '@bench.nl' FROM generate_series(0, $1 - 1) n RETURNING id)
            INSERT INTO user_account (id, contact_id, password, role_id, is_active)
            SELECT person.id, person.id, $2, r.id, true FROM person, user_role r WHERE r.role_name = 'viewer'
            """);
        insert.Parameters.Add(new() { Value = Callers });
        insert.Parameters.Add(new() { Value = passwords.Hash(Password) });
        await insert.ExecuteNonQueryAsync();
    }

    /// <summary>Hashes a second on so many threads, on a machine that does nothing else.</summary>
    private static double Bare(int threads, TimeSpan measured)
    {
        var (password, salt, count) = (Encoding.UTF8.GetBytes(Password), new byte[16], 0);
        var clock = Stopwatch.StartNew();
        var hashing = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            while (clock.Elapsed < measured)
            {
                Rfc2898DeriveBytes.Pbkdf2(password, salt, Passwords.Iterations, HashAlgorithmName.SHA512, 32);
                Interlocked.Increment(ref count);
            }
        })).ToList();
        hashing.ForEach(thread => thread.Start());
        hashing.ForEach(thread => thread.Join());
        return count / clock.Elapsed.TotalSeconds;
    }
}
