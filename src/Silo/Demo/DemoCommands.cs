using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Npgsql;

namespace ChargeCars.Silo.Demo;

/// <summary>
/// The demo's way to the grains. As any client it asks until it is answered; a command's id follows from its occasion, so that a
/// second start repeats what the first one did and makes nothing twice.
/// </summary>
internal sealed partial class DemoCommands(IGrainFactory grains, TimeProvider time, ILogger<DemoCommands> logger)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private static readonly Actor Crew = new(ActorKind.Feed, null, "demo");

    /// <summary>The id of what the demo makes on an occasion: always the same one.</summary>
    public static Guid IdOf(string occasion) => NameBasedId.Of($"demo/{occasion}");

    /// <summary>A command whose repetition is recognised by its occasion; each has one of its own.</summary>
    public Task<Result<T>> ExecuteAsync<T>(Guid id, EntityCommand<T> command, string occasion, CancellationToken cancellation)
        where T : class => RepeatAsync(() => grains.GetGrain<IEntityGrain<T>>(id).ExecuteAsync(command, Context(occasion)), cancellation);

    /// <summary>Who commands, and by which id.</summary>
    public static CommandContext Context(string occasion) => new(IdOf($"{occasion}/command"), Crew, MayRepeat: true);

    /// <summary>A command that happens once and has no name.</summary>
    public CommandContext NewContext() => new(Guid.CreateVersion7(time.GetUtcNow()), Crew, MayRepeat: true);

    /// <summary>Until it is answered, as a tracker does.</summary>
    public async Task<T> RepeatAsync<T>(Func<Task<T>> send, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await send();
            }
            catch (Exception fault) when (IsPassing(fault))
            {
                LogRepeated(logger, fault.Message);
                await Task.Delay(Again, time, cancellation);
            }
        }
    }

    private static bool IsPassing(Exception fault) =>
        fault is OverloadedException or StorageUnavailableException or Orleans.Runtime.OrleansException or TimeoutException or NpgsqlException;

    [LoggerMessage(LogLevel.Warning, "The demo was not answered; it tries again: {Detail}")]
    private static partial void LogRepeated(ILogger logger, string detail);
}
