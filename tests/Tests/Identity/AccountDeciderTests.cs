using ChargeCars.Identity.Accounts;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Identity;

/// <summary>The pure rules, over every state and command.</summary>
public sealed class AccountDeciderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly AccountDetails Details = new() { RoleId = Guid.NewGuid() };

    private static readonly AccountCommand[] Commands =
    [
        new CreateAccount(Guid.NewGuid(), Guid.NewGuid(), Details), new ReviseAccount(Details), new FailLogin("x"),
        new SucceedLogin(null), new SetToken(true, "h", Now), new SetToken(false, "h", Now), new ResetPassword("h", "p"), new ChangePassword("p"),
        new VerifyEmail("h"), new SetUpTwoFactor("s"), new EnableTwoFactor(1, ["r"]), new DisableTwoFactor(),
    ];

    [Property(MaxTest = 300)]
    public void Decide_AnyStateAndCommand_HasOneAnswerAndKeepsTheAccountsIdentity(bool exists, bool active, bool enabled, bool setUp, byte attempts, int which)
    {
        var state = exists ? Account(active, enabled, setUp, attempts) : null;
        var command = Commands[(int)((uint)which % Commands.Length)];

        var decision = AccountDecider.Decide(state, command, Now);

        if (state is null && command is not CreateAccount)
        {
            Assert.IsType<NotFound>(decision.Error);
        }
        else if (decision.Succeeded && state is not null)
        {
            Assert.Equal((state.Id, state.ContactId, state.CreatedAt), (decision.Value.After.Id, decision.Value.After.ContactId, decision.Value.After.CreatedAt));
            Assert.Equal(command is ReviseAccount ? Details.IsActive : state.IsActive, decision.Value.After.IsActive);
        }
    }

    [Property(MaxTest = 100)]
    public void Token_ThatWasUsed_CountsNoMore(bool verification)
    {
        var state = Account(true, false, false, 3);
        state = AccountDecider.Decide(state, new SetToken(verification, "hash", Now.AddHours(1)), Now).Value!.After;
        AccountCommand use = verification ? new VerifyEmail("hash") : new ResetPassword("hash", "p");
        AccountCommand other = verification ? new VerifyEmail("other") : new ResetPassword("other", "p");

        Assert.IsType<Invalid>(AccountDecider.Decide(state, other, Now).Error);
        Assert.IsType<Invalid>(AccountDecider.Decide(state, use, Now.AddHours(1)).Error);
        var used = AccountDecider.Decide(state, use, Now).Value!.After;
        Assert.IsType<Invalid>(AccountDecider.Decide(used, use, Now).Error);
        Assert.True(used.EmailVerified);
    }

    [Fact]
    public void Reset_OfAClosedAccount_OpensNothing()
    {
        var state = Account(active: false, false, false, 0) with { PasswordResetToken = "hash", PasswordResetExpires = Now.AddHours(1) };

        Assert.IsType<Invalid>(AccountDecider.Decide(state, new ResetPassword("hash", "p"), Now).Error);
    }

    [Property(MaxTest = 100)]
    public void Success_AfterAnyFailures_ForgetsThem_AndUsesUpItsCode(byte failures)
    {
        var state = Account(true, true, true, 0) with { RecoveryCodeHashes = ["a", "b"] };
        for (var n = 0; n < failures; n++)
        {
            state = AccountDecider.Decide(state, new FailLogin("x"), Now).Value!.After;
        }

        Assert.Equal(failures >= LockoutPolicy.Limit, state.AccountLockedUntil > Now);
        Assert.True(state.AccountLockedUntil is null || state.AccountLockedUntil <= Now + LockoutPolicy.Longest);
        var after = AccountDecider.Decide(state, new SucceedLogin(null, 7, "a"), Now).Value!.After;
        Assert.Equal((0, (DateTimeOffset?)null, (long?)7), (after.LoginAttempts, after.AccountLockedUntil, after.TwoFactorLastStep));
        Assert.Equal(["b"], after.RecoveryCodeHashes);
    }

    [Property(MaxTest = 100)]
    public void Success_FromAKnownAddress_LeavesStrangersFailuresAsTheyAre(byte failures)
    {
        var state = Account(true, false, false, 0);
        for (var n = 0; n < failures; n++)
        {
            state = AccountDecider.Decide(state, new FailLogin("x"), Now).Value!.After;
        }

        var after = AccountDecider.Decide(state, new SucceedLogin(null, KnownAddress: true), Now).Value!.After;

        Assert.Equal((state.LoginAttempts, state.AccountLockedUntil), (after.LoginAttempts, after.AccountLockedUntil));
    }

    [Property(MaxTest = 300)]
    public void Failures_AnyOfThem_CountForADayAfterTheirWait(byte before, uint secondsLater)
    {
        var failures = new FailedAttempts(0, null);
        for (var n = 0; n < before; n++)
        {
            failures = failures.After(Now);
        }

        var at = Now.AddSeconds(secondsLater % 200_000);
        var next = failures.After(at);

        var forgotten = before == 0 || at >= Now + LockoutPolicy.DelayAfter(before) + LockoutPolicy.Memory;
        Assert.Equal(forgotten ? 1 : before + 1, next.Count);
        Assert.Equal(LockoutPolicy.DelayAfter(next.Count), next.Wait(at));
    }

    private static UserAccount Account(bool active, bool enabled, bool setUp, int attempts) => new()
    {
        Id = Guid.NewGuid(),
        ContactId = Guid.NewGuid(),
        CreatedAt = Now,
        RoleId = Guid.NewGuid(),
        IsActive = active,
        TwoFactorEnabled = enabled,
        TwoFactorSecret = setUp || enabled ? "seal" : null,
        LoginAttempts = attempts,
    };
}
