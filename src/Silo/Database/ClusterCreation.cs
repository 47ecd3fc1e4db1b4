namespace ChargeCars.Silo.Database;

/// <summary>Makes the cluster: aside and then moved, so that a host killed half way leaves nothing that looks complete.</summary>
internal static class ClusterCreation
{
    public static async Task CreateAsync(
        ClusterHome home, PostgresBinaries binaries, ServerAccount account, string password, bool durable, CancellationToken ct)
    {
        var unfinished = home.Cluster + ".new";
        var passwordFile = Path.Combine(home.Folder, "initdb.password");
        try
        {
            Remove(unfinished);
            File.Delete(passwordFile);
            await using (var stream = new FileStream(passwordFile, ConnectionFile.OwnerOnlyFile()))
            await using (var writer = new StreamWriter(stream))
                await writer.WriteLineAsync(password);
            await account.OwnAsync(passwordFile, ct);

            var created = await InitializeAsync(OperatingSystem.IsLinux() ? "C.UTF-8" : "C");
            if (!created.Succeeded && created.Output.Contains("invalid locale", StringComparison.Ordinal))
                created = await InitializeAsync("C");
            if (!created.Succeeded)
                throw PostgresFault.From("initdb could not make the cluster", created.Output, home);
            Directory.Move(unfinished, home.Cluster);
        }
        catch (IOException fault) when (PostgresFault.IsDiskFull(fault))
        {
            throw PostgresFault.DiskFull(home.Folder, fault);
        }
        finally
        {
            File.Delete(passwordFile);
            Remove(unfinished);
        }

        Task<CommandResult> InitializeAsync(string locale) => account.RunAsync(
            binaries.Initdb,
            [
                "--pgdata", unfinished, "--username", ConnectionFile.Name, "--pwfile", passwordFile, "--auth", "scram-sha-256",
                "--encoding", "UTF8", "--locale", locale, "--data-checksums", "--no-instructions",
                .. durable ? Array.Empty<string>() : ["--no-sync"],
            ],
            ct);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
