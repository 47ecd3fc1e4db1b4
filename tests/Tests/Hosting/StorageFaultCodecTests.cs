using ChargeCars.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Invocation;
using Orleans.Serialization.Serializers;

namespace ChargeCars.Tests.Hosting;

public sealed class StorageFaultCodecTests
{
    private static readonly NpgsqlException NoAnswer = new("Exception while reading from stream", new IOException("The connection was reset."));

    private readonly ServiceProvider _silo =
        new ServiceCollection().AddLogging().AddSerializer().AddSingleton<ISpecializableCodec, StorageFaultCodec>().BuildServiceProvider();

    private readonly ServiceProvider _apiOnly = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public static TheoryData<NpgsqlException> Passing => [NoAnswer, new PostgresException("shutting down", "FATAL", "FATAL", PostgresErrorCodes.AdminShutdown)];

    [Theory]
    [MemberData(nameof(Passing))]
    public void Answer_OfADatabaseThatDidNotAnswer_IsReadByAHostThatKnowsNoDriver(NpgsqlException fault)
    {
        var told = Assert.IsType<StorageUnavailableException>(Received(fault));

        Assert.Contains(fault.Message, told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_OfADatabaseThatRefused_IsAFaultOfOurs()
    {
        var told = Received(new PostgresException("duplicate key", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation));

        Assert.IsNotType<StorageUnavailableException>(told);
        Assert.Contains("duplicate key", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_WithinTheProcess_IsTheDriversOwn() =>
        Assert.Same(NoAnswer, _silo.GetRequiredService<DeepCopier<Response>>().Copy(Response.FromException(NoAnswer))!.Exception);

    private Exception Received(Exception fault) => _apiOnly.GetRequiredService<Serializer<Response>>().Deserialize(
        _silo.GetRequiredService<Serializer<Response>>().SerializeToArray(Response.FromException(fault)))!.Exception!;
}
