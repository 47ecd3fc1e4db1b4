namespace ChargeCars;

/// <summary>
/// The database did not answer a grain. A fault of the moment, HTTP 503: the call may be repeated. On the wire it takes the
/// place of the driver's own exceptions, which an API-only host could not read off it; in one process they come as they are.
/// </summary>
[GenerateSerializer, Alias("storage-unavailable")]
public sealed class StorageUnavailableException : Exception
{
    /// <summary>Without a word.</summary>
    public StorageUnavailableException()
    {
    }

    /// <summary>With what went wrong.</summary>
    public StorageUnavailableException(string message) : base(message)
    {
    }

    /// <summary>With what went wrong and its cause.</summary>
    public StorageUnavailableException(string message, Exception inner) : base(message, inner)
    {
    }
}
