namespace ChargeCars.Platform.Storage;

/// <summary>
/// Something that the operator must put right before the host can start. The message says what is wrong, which key,
/// file or server it is about, and what to do; the host prints it alone, without a stack trace, and exits with 1.
/// </summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
