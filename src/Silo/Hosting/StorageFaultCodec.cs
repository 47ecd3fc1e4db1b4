using System.Buffers;
using Npgsql;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Serializers;
using Orleans.Serialization.WireProtocol;

namespace ChargeCars.Silo.Hosting;

/// <summary>
/// Gives a database fault that a grain throws to a caller on another host a form that every host can read off the wire.
/// It works on the way out and not around the calls: a filter costs each of them an invoker and three state machines,
/// also where nothing is at fault. A caller in the same process gets the driver's exception itself.
/// </summary>
internal sealed partial class StorageFaultCodec(ExceptionCodec exceptions, ILogger<StorageFaultCodec> logger) : ISpecializableCodec, IFieldCodec
{
    public bool IsSupportedType(Type type) => typeof(NpgsqlException).IsAssignableFrom(type);

    public IFieldCodec GetSpecializedCodec(Type type) => this;

    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, object? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (value is not NpgsqlException fault || fault is PostgresException { IsTransient: false })
        {
            exceptions.WriteField(ref writer, fieldIdDelta, expectedType!, value!);
            return;
        }

        LogFault(logger, fault);
        exceptions.WriteField(
            ref writer, fieldIdDelta, expectedType!, (Exception)new StorageUnavailableException($"The database did not answer: {fault.Message}"));
    }

    // Nothing is written under these types.
    public object ReadValue<TInput>(ref Reader<TInput> reader, Field field) => exceptions.ReadValue(ref reader, field)!;

    [LoggerMessage(LogLevel.Warning, "A grain found the database unavailable")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
