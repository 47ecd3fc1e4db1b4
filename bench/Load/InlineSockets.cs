namespace ChargeCars.Bench.Load;

/// <summary>
/// Lets this process answer sockets on the thread that hears of them: half the driver's processor time. Only for drivers of
/// another process, and before the first socket.
/// </summary>
internal static class InlineSockets
{
    public static void Use() => Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
}
