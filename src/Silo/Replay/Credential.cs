namespace ChargeCars.Silo.Replay;

/// <summary>How the replay shows who it is.</summary>
internal abstract record Credential
{
    private Credential()
    {
    }

    internal sealed record ApiKey(string Key) : Credential;

    /// <param name="Source">The file it comes from, for the message when it is refused.</param>
    internal sealed record Login(string Email, string Password, string Source) : Credential;
}

/// <summary>
/// The administrator's login that a host writes beside its data at its first start, so that a replay against the own
/// machine needs no key.
/// </summary>
internal static class FirstAdministrator
{
    private static readonly string RelativePath = Path.Combine(".data", "first-admin.txt");

    /// <summary>Looks in the directory and those above it: the command may be run from a folder of the project.</summary>
    public static Credential.Login? Find(string directory)
    {
        for (var folder = new DirectoryInfo(directory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, RelativePath);
            if (File.Exists(file)) return Read(file);
        }

        return null;
    }

    private static Credential.Login Read(string file)
    {
        try
        {
            var lines = File.ReadAllLines(file);
            return new Credential.Login(Value(lines, "email:"), Value(lines, "password:"), file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ReplayException($"{file}: {unreadable.Message} Pass --key instead.", unreadable);
        }

        string Value(string[] lines, string label) =>
            lines.FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal))?[label.Length..].Trim()
            ?? throw new ReplayException($"{file}: has no line \"{label} …\". Pass --key instead.");
    }
}
