using Microsoft.AspNetCore.Identity;

namespace ChargeCars.Identity.Accounts;

// What counts attempts that failed, and refuses the next ones for a while.
internal sealed partial class UserAccountGrain
{
    /// <summary>Every address that an account does not know.</summary>
    private const string Strangers = "stranger";

    // An account's row counts those of strangers; an address without an account has only these.
    private readonly OriginFailures _failures = new();

    // By origin, since its wait began.
    private readonly Dictionary<string, int> _notEvaluated = [];

    /// <summary>
    /// What takes a password or a code in a session. Failures count against the session's address, as those of a login from there do:
    /// a stolen session must not guess without end, and strangers' failures bar no owner.
    /// </summary>
    private async Task<Result<T>> InSessionAsync<T>(string? address, CommandContext context, Func<string, Task<Result<T>>> act)
    {
        var origin = address ?? "";
        if (await WaitAsync(origin, "Refused in a session: locked", context) is { Ticks: > 0 } wait)
        {
            return new TooManyAttempts("Too many attempts were wrong. This one was not evaluated.", (int)Math.Ceiling(wait.TotalSeconds));
        }

        using var turn = await passwords.Turns.AcquireAsync();
        var outcome = turn.IsAcquired ? await act(origin) : Busy();
        if (outcome.Succeeded)
        {
            await ForgetAsync(origin);
        }

        return outcome;
    }

    /// <summary>Null where the password is right.</summary>
    private async Task<Error?> ProvedAsync(string password, string field, string origin, CommandContext context)
    {
        if (await passwords.VerifyAsync(State?.Password, password) != PasswordVerificationResult.Failed)
        {
            return null;
        }

        await FailInSessionAsync(origin, "wrong password", context);
        return Invalid.Field(field, "is not right");
    }

    private async Task FailInSessionAsync(string origin, string what, CommandContext context)
    {
        await CountAsync(origin);
        await RecordAsync($"Refused in a session: {what}", context);
    }

    private async Task<LoginOutcome> SucceedAsync(SucceedLogin success, string origin, CommandContext context)
    {
        var outcome = await HandleAsync(success, context);
        if (!outcome.Succeeded)
        {
            // What the database did not take did not happen: the code counts again, the caller is told to try again.
            return LoginOutcome.Busy;
        }

        await ForgetAsync(origin);
        return LoginOutcome.SignedIn;
    }

    private async Task FailAsync(string origin, string what, CommandContext context)
    {
        if (State is not null && origin == Strangers)
        {
            if ((await HandleAsync(new FailLogin(what), context)).Succeeded)
            {
                return;
            }
        }
        else
        {
            await CountAsync(origin);
        }

        // Guesses at an address without an account are on record a row a minute, by the host that is asked.
        if (State is not null)
        {
            await RecordAsync($"Login refused: {what}", context);
        }
    }

    /// <summary>How long nothing of an origin is evaluated. The first refusal of a wait is on record, and after it how many more there were.</summary>
    private async Task<TimeSpan> WaitAsync(string origin, string refusal, CommandContext context)
    {
        var failures = State is { } account && origin == Strangers ? AccountDecider.FailuresOfStrangers(account) : _failures.Of(origin);
        var wait = failures.Wait(Time.GetUtcNow());
        var before = _notEvaluated.GetValueOrDefault(origin);
        if (wait > TimeSpan.Zero)
        {
            _notEvaluated[origin] = before + 1;
            if (before == 0)
            {
                await RecordAsync(refusal, context);
            }
        }
        else if (_notEvaluated.Remove(origin) && before > 1)
        {
            await RecordAsync($"{refusal}, {before - 1} times more", context);
        }

        return wait;
    }

    private Task CountAsync(string origin) => attempts.SaveAsync(Id, origin, _failures.Add(origin, Time.GetUtcNow()));

    private Task ForgetAsync(string origin) => _failures.Forget(origin) ? attempts.ForgetAsync(Id, origin) : Task.CompletedTask;

    private Task RecordAsync(string summary, CommandContext context)
    {
        var now = Time.GetUtcNow();
        return refused.RecordAsync(AccountTable.TableName, Id, summary, context with { CommandId = Guid.CreateVersion7(now) }, now);
    }

    private static string OriginOf(bool knownAddress, CommandContext context) => knownAddress ? context.IpAddress ?? "" : Strangers;
}
