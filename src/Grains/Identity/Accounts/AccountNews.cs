using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;

namespace ChargeCars.Identity.Accounts;

/// <summary>What an account's changes mean to the world outside: only those of rights, which end connections and caches.</summary>
internal static class AccountNews
{
    public static EntityNews Of(UserAccount after, AccountEvent @event, CommandContext context, DateTimeOffset now) => new(
        null,
        @event.Change is AccountChange.Created or AccountChange.Updated or AccountChange.PasswordChanged
                or AccountChange.TwoFactorEnabled or AccountChange.TwoFactorDisabled
            ? [new($"{AccountTable.TableName}.{WireText.Of(@event.Change)}", AccountTable.TableName, now, RowJson.ForClient(context.Actor),
                RowJson.ForClient(new { after.ContactId, after.RoleId, after.IsActive, after.Version }))
                { Scope = new(null, null, after.ContactId, null) }]
            : [],
        @event.Summary);
}
