using ChargeCars.Api.Identity;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ChargeCars.Api.Platform.Http;

/// <summary>A header that an endpoint reads, or writes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What it says.</param>
/// <param name="IsRequired">Whether a request must have it.</param>
/// <param name="IsAnswers">Whether the answer has it, and not the request.</param>
internal sealed record DescribedHeader(string Name, string Meaning, bool IsRequired = false, bool IsAnswers = false);

/// <summary>A refusal that does not follow from what an endpoint states otherwise.</summary>
/// <param name="Status">Its status.</param>
internal sealed record DescribedRefusal(int Status);

/// <summary>What is the same for all operations: credentials, refusals and headers, as they follow from what the endpoints state.</summary>
internal static class ApiAnswers
{
    private const string Bearer = "bearer";
    private const string ApiKey = "apiKey";
    private const string KeyPassword = "apiKeyAsPassword";
    private const string Problem = "Problem";

    private static readonly (int Status, string Name, string Meaning)[] Refusals =
    [
        (400, "Invalid", "The request is not valid: errors names each field and what is wrong with it."),
        (401, "Unauthorized", "Credentials are missing, or not valid."),
        (403, "Forbidden", "Who asks may not."),
        (404, "NotFound", "There is no such thing, or not for who asks."),
        (409, "Conflict", "It conflicts with what is there: the type says in what."),
        (412, "StaleVersion", "It was decided on a version that is not the newest any more: currentVersion and changes say what it is now."),
        (413, "TooLarge", "The body is too large."),
        (415, "MediaType", "The content type is not known here."),
        (422, "KeyReused", "The Idempotency-Key belongs to another request."),
        (428, "VersionRequired", "If-Match is missing."),
        (429, "TooMany", "Too many requests; Retry-After says when to ask again, in seconds."),
        (503, "TryAgain", "Not at this moment; Retry-After says when to ask again, in seconds. With the same Idempotency-Key it has one effect."),
    ];

    /// <summary>States headers that an endpoint reads or writes besides those that all have.</summary>
    public static TBuilder DescribesHeaders<TBuilder>(this TBuilder builder, params DescribedHeader[] headers) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata([.. headers]);

    /// <summary>States refusals that do not follow from what the endpoint states otherwise.</summary>
    public static TBuilder DescribesRefusals<TBuilder>(this TBuilder builder, params int[] statuses) where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata([.. statuses.Select(status => new DescribedRefusal(status))]);

    /// <summary>Adds what operations refer to.</summary>
    public static void DescribeCommon(OpenApiDocument document)
    {
        var components = document.Components ??= new();
        components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The access token of a person: POST /api/auth/login." },
            [ApiKey] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = Credentials.KeyHeader, Description = "The key of a program: POST /api/api-keys." },
            [KeyPassword] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "The key of a program as the password, with any name." },
        };
        components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        components.Schemas[Problem] = ProblemShape();
        components.Responses = Refusals.ToDictionary(refusal => refusal.Name, refusal => (IOpenApiResponse)new OpenApiResponse
        {
            Description = refusal.Meaning,
            Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(Problem, document) } },
            Headers = refusal.Status is 429 or 503
                ? new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = new OpenApiHeader { Description = "Seconds.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } } }
                : null,
        });
    }

    /// <summary>Describes who may call an operation, how it refuses, and its headers.</summary>
    /// <param name="operation">The operation, its request described.</param>
    /// <param name="metadata">What its endpoint states.</param>
    /// <param name="context">The rest.</param>
    public static void Describe(OpenApiOperation operation, EndpointMetadataCollection metadata, OpenApiOperationTransformerContext context)
    {
        var isOpen = metadata.GetMetadata<IAllowAnonymous>() is not null;
        if (!isOpen && metadata.GetMetadata<KeyInPath>() is null)
        {
            List<string> permissions = [.. metadata.GetOrderedMetadata<RequiredPermission>().Select(required => required.Name).Distinct()];
            string[] ways = metadata.GetMetadata<KeyAsPassword>() is null ? [Bearer, ApiKey] : [Bearer, ApiKey, KeyPassword];
            operation.Security = [.. ways.Select(scheme => new OpenApiSecurityRequirement { [new(scheme, context.Document)] = permissions })];
        }

        operation.Responses ??= new();
        foreach (var status in StatusesOf(operation, metadata, context, isOpen))
        {
            var name = Refusals.First(refusal => refusal.Status == status).Name;
            operation.Responses.TryAdd($"{status}", new OpenApiResponseReference(name, context.Document));
        }

        foreach (var header in metadata.GetOrderedMetadata<DescribedHeader>().Where(header => !header.IsAnswers))
        {
            operation.Parameters!.Add(new OpenApiParameter
            {
                Name = header.Name, In = ParameterLocation.Header, Description = header.Meaning, Required = header.IsRequired, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        foreach (var (status, response) in operation.Responses.Where(pair => pair.Key[0] == '2' && pair.Value is OpenApiResponse))
        {
            foreach (var header in metadata.GetOrderedMetadata<DescribedHeader>().Where(header => header.IsAnswers)
                .Concat(status == "201" ? [new DescribedHeader("Location", "where it is", IsAnswers: true)] : []))
            {
                var answer = (OpenApiResponse)response;
                (answer.Headers ??= new Dictionary<string, IOpenApiHeader>())[header.Name] =
                    new OpenApiHeader { Description = header.Meaning, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
            }
        }
    }

    private static IEnumerable<int> StatusesOf(OpenApiOperation operation, EndpointMetadataCollection metadata, OpenApiOperationTransformerContext context, bool isOpen)
    {
        var (hasBody, method) = (operation.RequestBody is not null, context.Description.HttpMethod);
        var repeats = metadata.GetMetadata<Repeatable>() is not null || metadata.GetMetadata<RepeatsItself>() is not null;
        var writes = method is "POST" or "PUT" or "PATCH" or "DELETE";
        return new (int Status, bool Can)[]
        {
            // A query parameter that is not known is refused everywhere but where others define the format.
            (400, hasBody || !KnownQuery.Of(metadata).TakesAny),
            (401, !isOpen),
            (403, !isOpen),
            (404, context.Description.RelativePath?.Contains('{', StringComparison.Ordinal) == true),
            (409, writes),
            (412, method is "PUT" or "PATCH" or "DELETE" || metadata.GetMetadata<Repeatable>() is not null),
            (413, hasBody),
            (415, hasBody),
            (422, repeats),
            (428, method is "PUT" or "PATCH" or "DELETE"),
            (429, true),
            (503, true),
        }.Where(refusal => refusal.Can).Select(refusal => refusal.Status)
            .Concat(metadata.GetOrderedMetadata<DescribedRefusal>().Select(refusal => refusal.Status)).Distinct().Order();
    }

    private static OpenApiSchema ProblemShape()
    {
        return new()
        {
            Type = JsonSchemaType.Object,
            Description = "RFC 9457. Beside these a refusal has what belongs to it, such as from, to and allowed of a transition.",
            Required = new HashSet<string> { "type", "title", "status", "detail", "traceId" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text("What went wrong, as /problems/ and a word that programs can compare."),
                ["title"] = Text("The same for people."),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The status of the answer." },
                ["detail"] = Text("What went wrong this time, and what to do."),
                ["traceId"] = Text("Finds the request in the log."),
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description = "The faults by the fields that have them.",
                    AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
                },
            },
        };

        static OpenApiSchema Text(string meaning) => new() { Type = JsonSchemaType.String, Description = meaning };
    }
}
