namespace ChargeCars.Silo.Database;

/// <summary>What the private server is started with, for a small machine that is kept busy.</summary>
internal static class ServerSettings
{
    public static Dictionary<string, string> For(ConnectionFile connection, bool withTcp, bool withLz4, IReadOnlyDictionary<string, string> extra)
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = withTcp ? "127.0.0.1" : "",
            ["port"] = $"{connection.Port}",
            ["unix_socket_directories"] = connection.IsSocket ? connection.Host : "",
            ["unix_socket_permissions"] = "0700",
            ["max_connections"] = "200",
            ["shared_buffers"] = "128MB",
            // An acknowledged write is on disk, whole.
            ["fsync"] = "on",
            ["full_page_writes"] = "on",
            // Checkpoints far apart and spread out: a burst of fixes is not paid for twice.
            ["max_wal_size"] = "2GB",
            ["checkpoint_timeout"] = "15min",
            ["checkpoint_completion_target"] = "0.9",
            ["wal_compression"] = withLz4 ? "lz4" : "on",
            // Short statements only; compiling them costs more than running them.
            ["jit"] = "off",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            // The log is kept short by the host; refused statements are answered to their caller.
            ["log_checkpoints"] = "off",
            ["log_min_error_statement"] = "panic",
            ["cluster_name"] = ConnectionFile.Name,
        };
        foreach (var (name, value) in extra)
            settings[name] = value;
        return settings;
    }

    /// <summary>As pg_ctl's -o takes them: one text, which it gives to a shell.</summary>
    public static string AsOptions(IReadOnlyDictionary<string, string> settings) =>
        string.Join(' ', settings.Select(setting => $"-c {Quote($"{setting.Key}={setting.Value}")}"));

    private static string Quote(string text) => OperatingSystem.IsWindows()
        ? $"\"{text}\""
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
