using ChargeCars.Api.Identity;
using ChargeCars.Api.Platform.Entities;
using ChargeCars.Api.Platform.Http;
using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using ChargeCars.Relations.Contacts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Routes = ChargeCars.Api.Platform.Entities.EntityRoutes<
    ChargeCars.Relations.Contacts.Contact, ChargeCars.Relations.Contacts.ContactDetails, ChargeCars.Relations.Contacts.ContactKind,
    ChargeCars.Api.Relations.Contacts.ContactAccess>;

namespace ChargeCars.Api.Relations.Contacts;

/// <summary>
/// What a person may ask for: all that we have of them, and that it be erased. Both reach every name's conversations, so no limited caller may.
/// </summary>
internal static class ContactErasureEndpoints
{
    private const string SelectAccount = "SELECT EXISTS (SELECT FROM user_account WHERE contact_id = $1)";

    public static void Map(RouteGroupBuilder contacts)
    {
        contacts.MapPost("/{id:guid}/actions/erase", EraseAsync).RequirePermission(Permissions.ContactsErase).Repeatable().Produces<Contact>()
            .WithName("EraseContact")
            .WithSummary("Erases a person: name, numbers, messages, files, recordings and who called. Rows, counts and the audit stay.");
        contacts.MapGet("/{id:guid}/export", ExportAsync).RequirePermission(Permissions.ContactsExport).Produces(200, contentType: "application/zip")
            .WithName("ExportContact").WithSummary("All that we have of a person, as a zip of JSON and files; that it was asked for is in the audit.");
    }

    private static async Task<IResult> EraseAsync(
        Guid id, HttpContext http, Routes routes, ContactTraces traces, NpgsqlDataSource source, EraseBody? body = null)
    {
        var caller = Caller.Of(http);
        if ((BusinessEntityScope.RefuseLimited(caller, "All traces of a person")
            ?? (Error?)new FieldFaults().Text("reason", body?.Reason, ..500).Invalid) is { } refusal)
        {
            return ProblemAnswers.From(refusal);
        }

        await using var account = source.CreateCommand(SelectAccount);
        account.Parameters.Add(Sql.Uuid(id));
        if (await account.ExecuteScalarAsync(http.RequestAborted) is true)
        {
            return ProblemAnswers.From(new Conflict("has_account", "The person signs in here: close and remove their account first."));
        }

        var numbers = (await traces.AddressesAsync(id, http.RequestAborted)).Where(address => address is ['+', ..]).ToArray();
        return await routes.ExecuteAsync(id, new EraseContact(numbers, PlainText.TidyOrNull(body?.Reason)), http);
    }

    private static async Task<IResult> ExportAsync(Guid id, HttpContext http, Routes routes, ContactExport export, TimeProvider time)
    {
        var caller = Caller.Of(http);
        if (BusinessEntityScope.RefuseLimited(caller, "All traces of a person") is { } limited)
        {
            return ProblemAnswers.From(limited);
        }

        var found = await routes.FindAsync(id, caller, http.RequestAborted);
        if (!found.Succeeded)
        {
            return ProblemAnswers.From(found.Error);
        }

        await export.RecordAsync(id, RequestOrigin.Context(http, time));
        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Stream(await export.MakeAsync(found.Value, http.RequestAborted), "application/zip", $"contact-{id}.zip");
    }

    /// <summary>Why a person is erased.</summary>
    /// <param name="Reason">Such as the request that it answers; it stays in the audit.</param>
    public sealed record EraseBody(string? Reason = null);
}
