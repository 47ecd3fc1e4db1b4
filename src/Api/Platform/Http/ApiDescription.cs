using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ChargeCars.Api.Platform.Http;

/// <summary>A body that an endpoint reads byte by byte, and so does not state by a parameter.</summary>
/// <param name="Type">Its shape, for the description only.</param>
/// <param name="ContentTypes">The content types that it may come in.</param>
internal sealed record DescribedBody(Type Type, string[] ContentTypes);

/// <summary>A sound body, as the description shows it.</summary>
/// <param name="Value">The body.</param>
internal sealed record ExampleBody(object Value);

/// <summary>
/// The API's description, <c>/openapi/v1.json</c>: what the framework finds in the handlers, and what our endpoints state in their
/// metadata instead, such as query parameters and headers.
/// </summary>
public static class ApiDescription
{
    /// <summary>Adds the description; mapped by <c>MapOpenApi</c>.</summary>
    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        var named = new ConcurrentDictionary<string, Type>();
        options.CreateSchemaReferenceId = type =>
        {
            var bare = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
            return ApiShapes.NameOf(type) is not { } name ? null
                : named.GetOrAdd(name, bare) == bare ? name
                : throw new InvalidOperationException($"{bare} and {named[name]} are both called {name} in the API's description.");
        };
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info.Title = "ChargeCars";
            ApiAnswers.DescribeCommon(document);
            ApiShapes.DescribeRequired(document);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer(static (schema, context, _) =>
        {
            ApiShapes.Describe(schema, context.JsonTypeInfo, context.JsonPropertyInfo);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeRequestAsync);
    });

    /// <summary>Puts an endpoint that is a bare request delegate into the description.</summary>
    internal static TBuilder Described<TBuilder>(this TBuilder builder, RequestDelegate handler, Type answer) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(handler.Method, new ProducesResponseTypeMetadata(StatusCodes.Status200OK, answer, ["application/json"]));

    /// <summary>Describes a body that the endpoint reads itself.</summary>
    internal static TBuilder DescribesBody<TBuilder>(this TBuilder builder, Type body, params string[] contentTypes)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new DescribedBody(body, contentTypes));

    /// <summary>Shows a sound body. Ids in it name no rows.</summary>
    internal static TBuilder ShowsBody<TBuilder>(this TBuilder builder, object body) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new ExampleBody(body));

    private static async Task DescribeRequestAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var metadata = new EndpointMetadataCollection(context.Description.ActionDescriptor.EndpointMetadata);
        operation.Parameters ??= [];
        foreach (var parameter in KnownQuery.Of(metadata).Parameters)
        {
            operation.Parameters.Add(Text(parameter.Name, ParameterLocation.Query, parameter.Expected));
        }

        if (context.Description.HttpMethod is "PATCH" or "PUT" or "DELETE")
        {
            operation.Parameters.Add(Text(
                CommandRequest.IfMatch, ParameterLocation.Header,
                "the ETag of the version that the change was decided on, several of them, or * for whatever version there is; 428 where it is needed and missing"));
        }

        if (metadata.GetMetadata<Repeatable>() is not null || metadata.GetMetadata<RepeatsItself>() is not null)
        {
            operation.Parameters.Add(Text(
                CommandRequest.IdempotencyKey, ParameterLocation.Header, "makes the request repeatable for a day: the same key and body get the same answer, and have one effect"));
        }

        if (metadata.GetMetadata<DescribedBody>() is { } body)
        {
            var schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancellation);
            operation.RequestBody = new OpenApiRequestBody
            {
                Content = body.ContentTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = schema }),
            };
        }

        if (metadata.GetMetadata<ExampleBody>() is { } example)
        {
            foreach (var content in operation.RequestBody?.Content?.Values ?? [])
            {
                content.Example = WithoutNulls(example.Value);
            }
        }

        if (metadata.GetMetadata<RequiredFields>() is { } required)
        {
            (operation.Metadata ??= new Dictionary<string, object>())[nameof(RequiredFields)] = required;
        }

        ApiAnswers.Describe(operation, metadata, context);
    }

    private static JsonObject WithoutNulls(object value)
    {
        var fields = JsonSerializer.SerializeToNode(value, value.GetType(), RowJson.Client)!.AsObject();
        foreach (var name in fields.Where(field => field.Value is null).Select(field => field.Key).ToList())
        {
            fields.Remove(name);
        }

        return fields;
    }

    private static OpenApiParameter Text(string name, ParameterLocation place, string description) => new()
    {
        Name = name,
        In = place,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
