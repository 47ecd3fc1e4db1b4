using ChargeCars.Platform.Entities;
using ChargeCars.Platform.Storage;
using Microsoft.AspNetCore.Identity;

namespace ChargeCars.Identity.Accounts;

/// <inheritdoc cref="IUserAccountGrain"/>
internal sealed partial class UserAccountGrain(
    EntityStore<UserAccount, AccountTable> store, FailedAttemptStore attempts, Refusals refused, Passwords passwords, Authenticator authenticator,
    TimeProvider time)
    : EntityGrain<UserAccount, AccountTable>(store, time), IUserAccountGrain
{
    private static readonly TimeSpan ResetLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan VerificationLifetime = TimeSpan.FromDays(3);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        _failures.Load(await attempts.LoadAsync(Id, cancellationToken));
    }

    public Task<Result<AccountView>> GetAsync() => Task.FromResult<Result<AccountView>>(
        State is { } account ? AccountView.Of(account) : new NotFound("user", Id.ToString()));

    public Task<Result<AccountView>> CreateAsync(Guid contactId, AccountDetails details, CommandContext context) =>
        ViewAsync(new CreateAccount(Id, contactId, details), context);

    public Task<Result<AccountView>> ReviseAsync(AccountDetails details, CommandContext context) => ViewAsync(new ReviseAccount(details), context);

    public async Task<LoginResult> LoginAsync(Hidden password, bool knownAddress, CommandContext context)
    {
        var origin = OriginOf(knownAddress, context);
        if (await WaitAsync(origin, "Login refused: locked", context) > TimeSpan.Zero)
        {
            return new(LoginOutcome.Refused);
        }

        using var turn = await passwords.Turns.AcquireAsync();
        if (!turn.IsAcquired)
        {
            return new(LoginOutcome.Busy);
        }

        var verified = await passwords.VerifyAsync(State?.Password, password.Text);
        if (verified == PasswordVerificationResult.Failed || State is not { IsActive: true } account)
        {
            await FailAsync(origin, State is { IsActive: false } ? "closed" : "wrong password", context);
            return new(LoginOutcome.Refused);
        }

        if (account.TwoFactorEnabled)
        {
            // Not a success yet, so the failures stay: else a guesser of codes who has the password would have any number.
            return new(LoginOutcome.SecondFactorNeeded, PasswordMark.Of(account.Password));
        }

        var rehashed = verified == PasswordVerificationResult.SuccessRehashNeeded ? passwords.Hash(password.Text) : null;
        return new(await SucceedAsync(new(rehashed, KnownAddress: knownAddress), origin, context), PasswordMark.Of(rehashed ?? account.Password));
    }

    public async Task<LoginOutcome> SecondFactorAsync(Hidden code, string passwordMark, bool knownAddress, CommandContext context)
    {
        var origin = OriginOf(knownAddress, context);
        if (await WaitAsync(origin, "Login refused: locked", context) > TimeSpan.Zero)
        {
            return LoginOutcome.Refused;
        }

        if (State is { } known && !OneTimeToken.Same(PasswordMark.Of(known.Password), passwordMark))
        {
            await RecordAsync("Login refused: the password was changed since", context);
            return LoginOutcome.Superseded;
        }

        if (State is { IsActive: true, TwoFactorEnabled: true } account && authenticator.FactorOf(account, code.Text, Time.GetUtcNow()) is var (step, recovery))
        {
            return await SucceedAsync(new(null, step, recovery, knownAddress), origin, context);
        }

        await FailAsync(origin, "wrong code", context);
        return LoginOutcome.Refused;
    }

    public async Task<Result<Hidden>> MakeTokenAsync(bool verification, CommandContext context)
    {
        var token = OneTimeToken.Create();
        var expires = Time.GetUtcNow() + (verification ? VerificationLifetime : ResetLifetime);
        var outcome = await HandleAsync(new SetToken(verification, OneTimeToken.HashOf(token), expires, ByItself: context.Actor.Id == Id), context);
        return outcome.Map(_ => Hidden.Of(token));
    }

    public async Task<Result<AccountView>> ResetPasswordAsync(Hidden token, Hidden password, CommandContext context)
    {
        // Before the hash, which costs: whether the token counts is decided once more with the command.
        var hash = OneTimeToken.HashOf(token.Text);
        var first = AccountDecider.Decide(State, new ResetPassword(hash, ""), Time.GetUtcNow());
        if (!first.Succeeded)
        {
            await (State is null ? Task.CompletedTask : RecordAsync("Password reset refused", context));
            return first.Error;
        }

        using var turn = await passwords.Turns.AcquireAsync();
        if (!turn.IsAcquired)
        {
            return Busy();
        }

        var outcome = await ViewAsync(new ResetPassword(hash, await passwords.HashAsync(password.Text)), context);
        if (outcome.Succeeded && _failures.ForgetAll())
        {
            await attempts.ForgetAsync(Id, null);
        }

        return outcome;
    }

    public Task<Result<AccountView>> ChangePasswordAsync(Hidden current, Hidden password, string? sessionAddress, CommandContext context) =>
        InSessionAsync(sessionAddress, context, async origin => await ProvedAsync(current.Text, "currentPassword", origin, context) is { } refusal
            ? refusal
            : await ViewAsync(new ChangePassword(await passwords.HashAsync(password.Text)), context));

    public async Task<Result<AccountView>> VerifyEmailAsync(Hidden token, CommandContext context) =>
        await ViewAsync(new VerifyEmail(OneTimeToken.HashOf(token.Text)), context);

    public async Task<Result<TwoFactorSetup>> SetUpTwoFactorAsync(string accountName, CommandContext context)
    {
        var (seal, setup) = authenticator.Create(Id, accountName);
        var outcome = await HandleAsync(new SetUpTwoFactor(seal), context);
        return outcome.Map(_ => setup);
    }

    public Task<Result<Hidden[]>> EnableTwoFactorAsync(Hidden password, Hidden code, string? sessionAddress, CommandContext context) =>
        InSessionAsync<Hidden[]>(sessionAddress, context, async origin =>
        {
            if (await ProvedAsync(password.Text, "password", origin, context) is { } refusal)
            {
                return refusal;
            }

            var step = State is null ? null : authenticator.StepOf(State, code.Text, Time.GetUtcNow());
            if (step is null && State is { TwoFactorSecret: not null, TwoFactorEnabled: false })
            {
                return Invalid.Field("code", "is not the authenticator's current code");
            }

            var codes = OneTimeToken.CreateRecoveryCodes();
            var outcome = await HandleAsync(new EnableTwoFactor(step ?? 0, [.. codes.Select(OneTimeToken.HashOfRecoveryCode)]), context);
            return outcome.Map(_ => codes.Select(Hidden.Of).ToArray());
        });

    public Task<Result<AccountView>> DisableTwoFactorAsync(Hidden password, Hidden code, string? sessionAddress, CommandContext context) =>
        InSessionAsync(sessionAddress, context, async origin =>
        {
            if (await ProvedAsync(password.Text, "password", origin, context) is { } refusal)
            {
                return refusal;
            }

            if (State is { TwoFactorEnabled: true } account && authenticator.FactorOf(account, code.Text, Time.GetUtcNow()) is null)
            {
                await FailInSessionAsync(origin, "wrong code", context);
                return Invalid.Field("code", "is not the authenticator's current code, nor a recovery code that is left");
            }

            return await ViewAsync(new DisableTwoFactor(), context);
        });

    private Task<Result<Replay<UserAccount>>> HandleAsync(AccountCommand command, CommandContext context) =>
        HandleAsync((state, now) => AccountDecider.Decide(state, command, now).Map(AccountOutcome.Of), command, context);

    private async Task<Result<AccountView>> ViewAsync(AccountCommand command, CommandContext context) =>
        (await HandleAsync(command, context)).Map(replay => AccountView.Of(replay.State!));

    private static TryAgain Busy() => new("Others are logging in. Send the request again.", 2);
}
