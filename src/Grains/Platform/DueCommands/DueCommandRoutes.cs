using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Platform.DueCommands;

/// <summary>
/// Who carries out what: an entity's command goes to its grain, any other to its handler. The kinds are the aliases of the
/// commands themselves, so that none can be registered under a wrong name.
/// </summary>
internal sealed class DueCommandRoutes
{
    private readonly FrozenDictionary<string, Route> _routes;

    public DueCommandRoutes(IGrainFactory grains, IServiceProvider services, IEnumerable<DueCommandType> others)
    {
        var entities = typeof(EntityCommand<>).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false } && StateOf(type) is not null
                && type.GetCustomAttribute<AliasAttribute>(inherit: false) is not null)
            .Select(type => Make(nameof(OfEntity), type, StateOf(type)!, grains));
        _routes = entities.Concat(others.Select(other => Make(nameof(OfHandler), other.Command, other.Command, services)))
            .ToFrozenDictionary(route => route.Kind, route => route);
    }

    /// <summary>Carries a command out; null when it is done.</summary>
    public Task<Error?> CarryOutAsync(string kind, Guid targetId, string command, CommandContext context, CancellationToken cancellation) =>
        _routes.TryGetValue(kind, out var route)
            ? route.CarryOut(targetId, command, context, cancellation)
            : throw new InvalidOperationException($"This program knows no command '{kind}': a newer one wrote it.");

    /// <summary>Whether commands of a kind are a handler's, who may take long.</summary>
    public bool IsHandlers(string kind) => _routes.TryGetValue(kind, out var route) && route.IsHandlers;

    private static Type? StateOf(Type type) =>
        type.BaseType is { IsGenericType: true } parent && parent.GetGenericTypeDefinition() == typeof(EntityCommand<>)
            ? parent.GetGenericArguments()[0]
            : type.BaseType is { } above ? StateOf(above) : null;

    private static Route Make(string method, Type command, Type other, object argument) =>
        (Route)typeof(DueCommandRoutes).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(command, other).Invoke(null, [argument])!;

    private static Route OfEntity<TCommand, TState>(IGrainFactory grains) where TCommand : EntityCommand<TState> => new(
        DueCommand.KindOf(typeof(TCommand)),
        async (target, command, context, _) =>
            (await grains.GetGrain<IEntityGrain<TState>>(target).ExecuteAsync(Read<TCommand>(command), context)).Error);

    private static Route OfHandler<TCommand, TSame>(IServiceProvider services) => new(
        DueCommand.KindOf(typeof(TCommand)),
        (target, command, context, cancellation) =>
            ((IDueCommandHandler<TCommand>)services.GetService(typeof(IDueCommandHandler<TCommand>))!)
                .CarryOutAsync(target, Read<TCommand>(command), context, cancellation))
    {
        IsHandlers = true,
    };

    private static TCommand Read<TCommand>(string command) => JsonSerializer.Deserialize<TCommand>(command, RowJson.Options)!;

    private sealed record Route(string Kind, Func<Guid, string, CommandContext, CancellationToken, Task<Error?>> CarryOut)
    {
        public bool IsHandlers { get; init; }
    }
}

/// <summary>A type of due command that a handler carries out.</summary>
internal sealed record DueCommandType(Type Command);
