using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ChargeCars.Api;

/// <summary>
/// Maps handlers that are compiled at their first request. The framework's methods of these names compile all of them
/// before the host serves its first request. This namespace is nearer to the endpoints than the framework's, so that none of them
/// can forget it. See docs/adr/0080.
/// </summary>
internal static class RouteHandlers
{
    private static readonly string[] Get = [HttpMethods.Get], Post = [HttpMethods.Post], Put = [HttpMethods.Put], Patch = [HttpMethods.Patch], Delete = [HttpMethods.Delete];

    public static RouteHandlerBuilder MapGet(this IEndpointRouteBuilder routes, string pattern, Delegate handler) => Map(routes, pattern, Get, handler);

    public static RouteHandlerBuilder MapPost(this IEndpointRouteBuilder routes, string pattern, Delegate handler) => Map(routes, pattern, Post, handler);

    public static RouteHandlerBuilder MapPut(this IEndpointRouteBuilder routes, string pattern, Delegate handler) => Map(routes, pattern, Put, handler);

    public static RouteHandlerBuilder MapPatch(this IEndpointRouteBuilder routes, string pattern, Delegate handler) => Map(routes, pattern, Patch, handler);

    public static RouteHandlerBuilder MapDelete(this IEndpointRouteBuilder routes, string pattern, Delegate handler) => Map(routes, pattern, Delete, handler);

    public static RouteHandlerBuilder MapMethods(this IEndpointRouteBuilder routes, string pattern, IEnumerable<string> methods, Delegate handler) =>
        Map(routes, pattern, methods, handler);

    /// <summary>
    /// Has the endpoints built once for all who ask: routing and the services each have a list of their own, which would build them
    /// anew. After everything is mapped.
    /// </summary>
    public static void BuildEndpointsOnce(this IEndpointRouteBuilder routes)
    {
        var sources = routes.DataSources.ToArray();
        routes.DataSources.Clear();
        routes.DataSources.Add(new CompositeEndpointDataSource(sources));
    }

    // A RequestDelegate needs no compiling, and is left out of the API's description: it goes the framework's way.
    public static IEndpointConventionBuilder MapGet(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        EndpointRouteBuilderExtensions.MapGet(routes, pattern, handler);

    public static IEndpointConventionBuilder MapPost(this IEndpointRouteBuilder routes, string pattern, RequestDelegate handler) =>
        EndpointRouteBuilderExtensions.MapPost(routes, pattern, handler);

    public static IEndpointConventionBuilder MapMethods(this IEndpointRouteBuilder routes, string pattern, IEnumerable<string> methods, RequestDelegate handler) =>
        EndpointRouteBuilderExtensions.MapMethods(routes, pattern, methods, handler);

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder routes, string pattern, IEnumerable<string> methods, Delegate handler) =>
        RouteHandlerServices.Map(routes, pattern, handler, methods, RequestDelegateFactory.InferMetadata, Compile);

    private static RequestDelegateResult Compile(Delegate handler, RequestDelegateFactoryOptions options, RequestDelegateMetadataResult? metadata)
    {
        var compiled = AtFirstRequest(handler, options);
        return new(http => compiled.Value(http), metadata?.EndpointMetadata ?? []);
    }

    // In a method of its own, so that what compiling needs is let go with it. Half made, as the metadata's maker leaves it, a handler
    // would take more memory until then than its delegate.
    private static Lazy<RequestDelegate> AtFirstRequest(Delegate handler, RequestDelegateFactoryOptions options) =>
        new(() => RequestDelegateFactory.Create(handler, options).RequestDelegate);
}
