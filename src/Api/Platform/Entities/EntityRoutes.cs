using System.Text.Json;
using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChargeCars.Api.Platform.Entities;

/// <summary>A kind of entity over HTTP, in the manner of the contract: it routes requests to the grain and holds no rule.</summary>
internal sealed class EntityRoutes<TState, TDetails, TKind, TAccess>(
    EntityQueries<TState, TDetails, TKind> queries, EntityDirectory directory, IGrainFactory grains, TimeProvider time, IOptions<JsonOptions> json)
    : IEntityRoutes
    where TState : class, TDetails, IEntityState, new()
    where TDetails : class
    where TKind : IEntityKind<TState, TDetails>
    where TAccess : IEntityAccess<TState, TDetails>
{
    public string Table => TKind.Rows.Table;

    public string Route => TAccess.Route;

    public string Read => TAccess.Read;

    public string Write => TAccess.Write;

    public object Example => TAccess.Example;

    public bool IsDeletable => TAccess.IsDeletable;

    public bool IsMadeOfDetails => TAccess.IsMadeOfDetails;

    public IEnumerable<EntityReference> ExampleReferences => TAccess.References(TAccess.Example);

    public void Map(IEndpointRouteBuilder routes)
    {
        var (noun, nouns) = (TAccess.Noun, TAccess.Nouns.Length > 0 ? TAccess.Nouns : TAccess.Noun + "s");
        var (one, many) = (Pascal(noun), Pascal(nouns));
        var group = routes.MapGroup(TAccess.Route).WithTags(Capital(nouns)).WithMetadata(new EntityMetadata(Table));
        // As delegates: a method that takes nothing but the request would be mapped as a RequestDelegate, whose answer is dropped.
        Delegate list = ListAsync, create = CreateAsync, get = GetAsync, patch = PatchAsync, delete = DeleteAsync, actions = ActionsAsync, transitions = TransitionsAsync;
        group.MapGet("/", list).RequirePermission(TAccess.Read).TakesQuery(TKind.List).Produces(200, typeof(Page<>).MakeGenericType(TAccess.View))
            .WithName($"List{many}").WithSummary($"{Capital(nouns)}, a page at a time.");
        if (TAccess.IsMadeOfDetails)
        {
            group.MapPost("/", create).RequirePermission(TAccess.Write).Repeatable().Accepts<TDetails>("application/json").Produces(201, TAccess.View).ShowsBody(TAccess.Example)
                .WithMetadata(new RequiredFields(Required))
                .WithName($"Create{one}").WithSummary($"Makes a {noun}.");
        }

        group.MapGet("/{id:guid}", get).RequirePermission(TAccess.Read).Produces(200, TAccess.View)
            .WithName($"Get{one}").WithSummary($"One {noun}.");
        group.MapPatch("/{id:guid}", patch).RequirePermission(TAccess.Write)
            .Accepts<TDetails>("application/merge-patch+json", "application/json").Produces(200, TAccess.View).ShowsBody(TAccess.Example)
            .WithName($"Change{one}").WithSummary($"Changes a {noun} (JSON merge patch, If-Match).");
        if (TAccess.IsDeletable)
        {
            group.MapDelete("/{id:guid}", delete).RequirePermission(TAccess.Write).Produces(204)
                .WithName($"Delete{one}").WithSummary($"Deletes a {noun} that nothing refers to (If-Match).");
        }

        if (TAccess.HasTransitions)
        {
            group.MapGet("/{id:guid}/actions", actions).RequirePermission(TAccess.Read).Produces<ActionOption[]>()
                .WithName($"List{one}Actions").WithSummary("Every action, whether it is allowed now, and what stands in the way.");
            group.MapGet("/{id:guid}/transitions", transitions).RequirePermission(TAccess.Read).TakesQuery(StatusQueries.List).Produces<Page<StatusHistory>>()
                .WithName($"List{one}Transitions").WithSummary("Its changes of status, the newest first.");
        }

        TAccess.MapMore(group);
    }

    public Task<bool> SeesAsync(Caller caller, Guid id, CancellationToken cancellation) =>
        queries.ContainsAsync(TKind.List.All with { Scope = TAccess.Visible(caller) }, id, cancellation);

    /// <summary>
    /// The entity, where the caller sees it; else the answer for one that does not exist. Who is limited in something is asked for in
    /// the database, by the condition that also limits lists.
    /// </summary>
    public async Task<Result<TState>> FindAsync(Guid id, Caller caller, CancellationToken cancellation) =>
        TAccess.Visible(caller) is null || await SeesAsync(caller, id, cancellation)
            ? await grains.GetGrain<IEntityGrain<TState>>(id).GetAsync()
            : new NotFound(Table, id.ToString());

    /// <summary>Carries out a command on an entity that the caller sees.</summary>
    public async Task<IResult> ExecuteAsync(Guid id, EntityCommand<TState> command, HttpContext http, bool versionRequired = false)
    {
        var context = CommandRequest.Context(http, time, versionRequired);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        var found = await FindAsync(id, Caller.Of(http), http.RequestAborted);
        return (found.Error ?? TAccess.RefuseWriting(Caller.Of(http), found.Value!, found.Value)) is { } refusal
            ? ProblemAnswers.From(refusal)
            : Answer(http, await grains.GetGrain<IEntityGrain<TState>>(id).ExecuteAsync(command, context.Value), TypedResults.Ok);
    }

    private async Task<IResult> ListAsync(HttpContext http)
    {
        var query = TKind.List.Parse(http);
        if (!query.Succeeded)
        {
            return ProblemAnswers.From(query.Error);
        }

        var (caller, now) = (Caller.Of(http), time.GetUtcNow());
        var page = await queries.ListAsync(query.Value with { Scope = TAccess.Visible(caller) }, http.RequestAborted);
        return TypedResults.Ok(new Page<object>([.. page.Items.Select(item => TAccess.Seen(item, caller, now))], page.NextCursor));
    }

    private async Task<IResult> CreateAsync(TDetails body, HttpContext http)
    {
        var caller = Caller.Of(http);
        var context = CommandRequest.Context(http, time);
        if ((context.Error ?? TAccess.RefuseWriting(caller, body, null)
            ?? await directory.CheckAsync(TAccess.References(body), caller, http.RequestAborted)) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var id = CommandRequest.NewId(context.Value!, time);
        var made = await grains.GetGrain<IEntityGrain<TState>>(id).ExecuteAsync(new Create<TState, TDetails>(body), context.Value!);
        return Answer(http, made, seen => TypedResults.Created($"{Route}/{id}", seen));
    }

    private async Task<IResult> GetAsync(Guid id, HttpContext http) => Answer(http, await FindAsync(id, Caller.Of(http), http.RequestAborted), TypedResults.Ok);

    private async Task<IResult> PatchAsync(Guid id, JsonElement body, HttpContext http)
    {
        var caller = Caller.Of(http);
        var context = CommandRequest.Context(http, time, versionRequired: true);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        var current = await FindAsync(id, caller, http.RequestAborted);
        if (!current.Succeeded)
        {
            return ProblemAnswers.From(current.Error);
        }

        var details = MergePatch.Apply<TDetails>(current.Value, body, json.Value.SerializerOptions);
        var known = TAccess.References(current.Value).ToHashSet();
        if ((TAccess.RefuseWriting(caller, details, current.Value)
            ?? await directory.CheckAsync(TAccess.References(details).Where(reference => !known.Contains(reference)), caller, http.RequestAborted)) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        if (await TAccess.RefuseChangeAsync(current.Value, details, http) is { } refused)
        {
            return refused;
        }

        var revised = await grains.GetGrain<IEntityGrain<TState>>(id)
            .ExecuteAsync(new Revise<TState, TDetails>(details), context.Value.OnVersion(current.Value.Version));
        return Answer(http, revised, TypedResults.Ok);
    }

    private async Task<IResult> DeleteAsync(Guid id, HttpContext http)
    {
        var caller = Caller.Of(http);
        var context = CommandRequest.Context(http, time, versionRequired: true);
        if (!context.Succeeded)
        {
            return ProblemAnswers.From(context.Error);
        }

        var current = await FindAsync(id, caller, http.RequestAborted);
        if ((current.Error ?? TAccess.RefuseWriting(caller, current.Value!, current.Value) ?? TAccess.RefuseDeletion(caller, current.Value!)) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        var deleted = await grains.GetGrain<IEntityGrain<TState>>(id).ExecuteAsync(new Delete<TState>(), context.Value);
        return deleted.Succeeded ? TypedResults.NoContent() : ProblemAnswers.From(deleted.Error);
    }

    private async Task<IResult> ActionsAsync(Guid id, HttpContext http)
    {
        var found = await FindAsync(id, Caller.Of(http), http.RequestAborted);
        var options = found.Succeeded ? await grains.GetGrain<IEntityGrain<TState>>(id).GetActionsAsync() : found.Error;
        return options.Succeeded ? TypedResults.Ok(TAccess.Options(options.Value, found.Value!, Caller.Of(http))) : ProblemAnswers.From(options.Error);
    }

    private async Task<IResult> TransitionsAsync(Guid id, HttpContext http, StatusQueries statuses)
    {
        var query = StatusQueries.List.Parse(http);
        var found = query.Succeeded ? await FindAsync(id, Caller.Of(http), http.RequestAborted) : query.Error;
        return found.Succeeded
            ? TypedResults.Ok(await statuses.HistoryAsync(query.Value!, Table, id, http.RequestAborted))
            : ProblemAnswers.From(found.Error);
    }

    /// <summary>The answer to a command: the entity as the caller may see it, with its version, or the refusal.</summary>
    public static IResult Answer(HttpContext http, Result<TState> result, Func<object, IResult> success)
    {
        if (!result.Succeeded)
        {
            return ProblemAnswers.From(result.Error);
        }

        http.SetVersion(result.Value.Version);
        return success(TAccess.Seen(result.Value, Caller.Of(http), http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()));
    }

    // What the kind's own rules say of a body with nothing in it.
    private List<string> Required()
    {
        var nothing = TKind.Normalized(JsonSerializer.Deserialize<TDetails>("{}", json.Value.SerializerOptions)!);
        return TKind.Check(nothing, time.GetUtcNow())?.Fields.Where(field => field.Value.Any(fault => fault.StartsWith("is required", StringComparison.Ordinal))).Select(field => field.Key).ToList() ?? [];
    }

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    private static string Pascal(string words) => string.Concat(words.Split(' ').Select(Capital));
}

/// <summary>Says of which kind an endpoint is.</summary>
/// <param name="Table">The kind's table.</param>
internal sealed record EntityMetadata(string Table);
