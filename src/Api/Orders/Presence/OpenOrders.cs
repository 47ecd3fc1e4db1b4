using System.Collections.Concurrent;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Live;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Orders.Order, ChargeCars.Orders.OrderDetails, ChargeCars.Orders.OrderKind, ChargeCars.Api.Orders.OrderAccess>;

namespace ChargeCars.Api.Orders.Presence;

/// <summary>
/// Which orders the connections of this host have open. The host renews it while they are there and ends it when they go; what a host
/// leaves that dies expires, and another one tells of it.
/// </summary>
internal sealed partial class OpenOrders(OrderViewers viewers, Routes orders, TimeProvider time, ILogger<OpenOrders> logger) : BackgroundService, IOpenEntities
{
    private const int Most = 10;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Guid[]> _open = new();

    public async Task<OpenAnswer> SetAsync(string connectionId, Caller caller, OpenRequest request, CancellationToken cancellation)
    {
        var asked = Check(request, caller);
        foreach (var id in asked)
        {
            if (!await orders.SeesAsync(caller, id, cancellation))
            {
                throw new HubException($"orderIds: there is no order {id}.");
            }
        }

        var before = _open.GetValueOrDefault(connectionId) ?? [];
        _open[connectionId] = asked;
        try
        {
            if (before.Except(asked).ToArray() is { Length: > 0 } closed)
            {
                await viewers.LeaveAsync(connectionId, closed, cancellation);
            }

            await viewers.EnterAsync(connectionId, caller.Actor, asked, cancellation);
            var present = await viewers.PresentAsync(asked, cancellation);
            return new([.. asked.Select(id => new OpenOrder(id, [.. present[id]]))]);
        }
        catch (Exception fault) when (fault is NpgsqlException or OverloadedException)
        {
            LogNotKept(logger, fault);
            throw new HubException("The database does not answer: call Open again in a moment.");
        }
        finally
        {
            if (asked.Length == 0)
            {
                _open.TryRemove(connectionId, out _);
            }

            // It may have gone while its rows were written.
            if (cancellation.IsCancellationRequested)
            {
                await EndAsync(connectionId);
            }
        }
    }

    public async Task EndAsync(string connectionId)
    {
        if (_open.TryRemove(connectionId, out _))
        {
            await QuietlyAsync(() => viewers.LeaveAsync(connectionId, null, CancellationToken.None));
        }
    }

    /// <summary>Renews what this host's connections have open, and ends what nobody renewed.</summary>
    internal async Task LookAsync(CancellationToken cancellation)
    {
        if (_open.Keys.ToArray() is { Length: > 0 } connections)
        {
            await viewers.RenewAsync(connections, cancellation);
        }

        await viewers.ExpireAsync(cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await QuietlyAsync(() => LookAsync(stoppingToken));
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private static Guid[] Check(OpenRequest? request, Caller caller)
    {
        Require(request is not null, "Open takes an object with orderIds.");
        Require(request!.Unknown is not { Count: > 0 }, $"{string.Join(", ", (request.Unknown ?? []).Keys)}: not a field of Open.");
        Require(request.OrderIds is { Count: <= Most }, $"orderIds: name at most {Most} orders; an empty list where none is open.");
        Require(caller.Permissions.Contains(Permissions.OrdersRead), $"orderIds: orders need the permission {Permissions.OrdersRead}.");
        Require(caller.PartnerOrganizationId is null, "Open is for the company's own people: a partner would see who they are.");
        return [.. request.OrderIds!.Distinct()];
    }

    private static void Require(bool good, string fault)
    {
        if (!good)
        {
            throw new HubException(fault);
        }
    }

    private async Task QuietlyAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault) when (fault is NpgsqlException or OverloadedException)
        {
            LogNotKept(logger, fault);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Who has which order open could not be written; what is not renewed expires")]
    private static partial void LogNotKept(ILogger logger, Exception fault);
}
