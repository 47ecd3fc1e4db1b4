using System.Globalization;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Silo.Database;

/// <summary>
/// The operating system account that runs the server. PostgreSQL refuses root, so a host that runs as root drops to
/// another account for it; otherwise it is the host's own.
/// </summary>
internal sealed class ServerAccount
{
    private static readonly string[] PreferredNames = ["postgres", "nobody"];

    private readonly string[] _prefix;
    private readonly string? _owner;

    private ServerAccount(string name, string? owner, string[] prefix) => (Name, _owner, _prefix) = (name, owner, prefix);

    public string Name { get; }

    /// <summary>Whether the server runs under another account than the host.</summary>
    public bool IsDropped => _owner is not null;

    /// <summary>Chooses the owner of <paramref name="home"/> if it exists, so that data never changes hands.</summary>
    /// <exception cref="StartupException">Root, and no way to become anybody else.</exception>
    public static async Task<ServerAccount> ChooseAsync(string home, CancellationToken ct)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return new ServerAccount(Environment.UserName, null, []);

        var (user, group, name) = await OwnerAsync(home, ct) ?? Preferred();
        string[][] ways =
        [
            ["setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups", "--"],
            ["runuser", "-u", name, "--"],
            ["su", "-s", "/bin/sh", name, "-c", "exec \"$0\" \"$@\"", "--"],
        ];
        var reasons = new List<string>();
        foreach (var way in ways)
        {
            var attempt = await Command.RunAsync(way[0], [.. way[1..], "true"], ct);
            if (attempt.Succeeded)
                return new ServerAccount(name, $"{user}:{group}", way);
            reasons.Add($"  {way[0]}: {attempt.Tail}");
        }

        throw new StartupException(
            $"""
            PostgreSQL refuses to run as root, and this host could not become the user '{name}' to run it:
            {string.Join('\n', reasons)}
            Start the host as an ordinary user, or set ConnectionStrings:ChargeCars to a database of your own.
            """);
    }

    public Task<CommandResult> RunAsync(
        string program, IReadOnlyList<string> arguments, CancellationToken ct, string? input = null, bool capture = true) =>
        _prefix.Length == 0
            ? Command.RunAsync(program, arguments, ct, input, capture)
            : Command.RunAsync(_prefix[0], [.. _prefix[1..], program, .. arguments], ct, input, capture);

    /// <summary>Gives a path to the account that is to use it; nothing to do when that is the host's own.</summary>
    public async Task OwnAsync(string path, CancellationToken ct)
    {
        if (_owner is null)
            return;
        var changed = await Command.RunAsync("chown", [_owner, path], ct);
        if (!changed.Succeeded)
            throw new StartupException($"{path} can't be given to the user '{Name}', who runs PostgreSQL: {changed.Tail}");
    }

    /// <summary>Asked of the account itself: modes, ACLs and mounts all have a say.</summary>
    public async Task<bool> CanEnterAsync(string folder, CancellationToken ct) =>
        !IsDropped || (await RunAsync("/bin/sh", ["-c", "test -x \"$0\"", folder], ct)).Succeeded;

    private static async Task<(string User, string Group, string Name)?> OwnerAsync(string folder, CancellationToken ct)
    {
        if (!Directory.Exists(folder))
            return null;
        // ls has the same columns on Linux, macOS and BusyBox; stat has not.
        var listing = (await Command.RunAsync("ls", ["-nd", folder], ct)).Output.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (listing is not [_, _, var user, var group, ..] || user == "0")
            return null;
        return (user, group, Accounts().FirstOrDefault(account => account.User == user).Name ?? user);
    }

    private static (string User, string Group, string Name) Preferred() =>
        Accounts()
            .Where(account => PreferredNames.Contains(account.Name) && int.TryParse(account.User, CultureInfo.InvariantCulture, out _))
            .OrderBy(account => Array.IndexOf(PreferredNames, account.Name))
            .Append((User: "65534", Group: "65534", Name: "nobody"))
            .First();

    private static IEnumerable<(string User, string Group, string Name)> Accounts() =>
        from line in File.Exists("/etc/passwd") ? File.ReadLines("/etc/passwd") : []
        let fields = line.Split(':')
        where fields.Length > 3
        select (fields[2], fields[3], fields[0]);
}
