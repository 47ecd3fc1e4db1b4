namespace ChargeCars.Bench.Running;

/// <summary>The whole host in this process, for what is measured at the grain.</summary>
internal static class InProcess
{
    public static string[] Arguments(string connectionString, string data) =>
    [
        "--urls=http://127.0.0.1:0",
        $"--ConnectionStrings:ChargeCars={connectionString}",
        $"--ChargeCars:DataDirectory={data}",
        "--CHARGECARS_ADMIN_EMAIL=bench@example.nl",
        "--CHARGECARS_ADMIN_PASSWORD=correct horse battery",
        "--Logging:LogLevel:Default=Warning",
    ];
}
