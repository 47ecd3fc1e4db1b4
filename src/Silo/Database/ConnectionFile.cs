using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace ChargeCars.Silo.Database;

/// <summary>How the private server is reached: kept in a file that psql and pg_dump take as it is.</summary>
/// <param name="Host">The folder of its Unix socket, or a loopback address.</param>
/// <param name="Port">Names the socket, and is the TCP port on 127.0.0.1.</param>
internal sealed record ConnectionFile(string Host, int Port, string Password)
{
    public const string Name = "chargecars";

    public bool IsSocket => Path.IsPathRooted(Host);

    public string ConnectionString => For(Name);

    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "postgres.connection");

    public static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    public string For(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = Host,
        Port = Port,
        Username = Name,
        Password = Password,
        Database = database,
    }.ConnectionString;

    /// <summary>What was written last, or null when it is missing or not of this shape.</summary>
    public static ConnectionFile? Read(string dataDirectory)
    {
        if (!File.Exists(PathIn(dataDirectory)))
            return null;
        var values = File.ReadAllText(PathIn(dataDirectory)).Trim();
        var host = Between(values, "host='", "'");
        var password = Between(values, "password=", " ");
        return int.TryParse(Between(values, "port=", " "), CultureInfo.InvariantCulture, out var port) && host != "" && password != ""
            ? new ConnectionFile(host, port, password)
            : null;
    }

    /// <summary>Writes libpq's own form: <c>psql "$(cat .data/postgres.connection)"</c>.</summary>
    public void Write(string dataDirectory)
    {
        if (Read(dataDirectory) == this)
            return;
        var target = PathIn(dataDirectory);
        var fresh = target + ".new";
        File.Delete(fresh);
        using (var stream = new FileStream(fresh, OwnerOnlyFile()))
        using (var writer = new StreamWriter(stream))
            writer.Write($"host='{Host}' port={Port} user={Name} dbname={Name} password={Password}\n");
        File.Move(fresh, target, overwrite: true);
    }

    /// <summary>A new file that nobody else reads, not even for a moment.</summary>
    public static FileStreamOptions OwnerOnlyFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static string Between(string text, string before, string after)
    {
        var start = text.IndexOf(before, StringComparison.Ordinal);
        if (start < 0)
            return "";
        start += before.Length;
        var end = text.IndexOf(after, start, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }
}
