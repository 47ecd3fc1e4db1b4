using System.Text;
using System.Text.Json;
using ChargeCars.Api.Fleet.Telemetry.Trackers;
using ChargeCars.Api.Fleet.Telemetry.Ulu;
using ChargeCars.Api.Platform.Feeds;
using FsCheck.Xunit;

namespace ChargeCars.Tests.Fleet.Telemetry.Ulu;

public sealed class UluRulesTests
{
    [Theory]
    [InlineData("http://ulu.example/api/v1", "a@b", "p", "00:01:00", "ChargeCars:Ulu:Address")]
    [InlineData("ulu", "a@b", "p", "00:01:00", "ChargeCars:Ulu:Address")]
    [InlineData("https://ulu.example/api/v1", "", "p", "00:01:00", "ChargeCars:Ulu:Email")]
    [InlineData("https://ulu.example/api/v1", "a@b", null, "00:01:00", "ChargeCars:Ulu:Password")]
    [InlineData("https://ulu.example/api/v1", "a@b", "p", "00:00:00", "ChargeCars:Ulu:Interval")]
    [InlineData("https://ulu.example/api/v1", "a@b", "p", "1.00:00:00", "ChargeCars:Ulu:Interval")]
    public void Validate_WhatCannotWork_NamesTheKey(string address, string email, string? password, string interval, string key)
    {
        var fault = new UluOptions.Validator().Validate(
            null, new() { Address = address, Email = email, Password = password, Interval = TimeSpan.Parse(interval, null) });

        Assert.StartsWith(key, Assert.Single(fault.Failures!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-00:00:01")]
    [InlineData("31.00:00:00")]
    public void Validate_OfTheTimeForPrivacy_NamesTheKey(string lookBack) => Assert.StartsWith(
        "ChargeCars:Ulu:PrivacyLookBack", Assert.Single(new UluOptions.Validator().Validate(null, new()
        {
            Address = "https://ulu.example/api/v1", Email = "a@b", Password = "p", PrivacyLookBack = TimeSpan.Parse(lookBack, null),
        }).Failures!), StringComparison.Ordinal);

    [Fact]
    public void Validate_WithoutAnAddress_AsksForNothing() => Assert.True(new UluOptions.Validator().Validate(null, new()).Succeeded);

    [Theory]
    [InlineData(1, "00:02:00")]
    [InlineData(3, "00:08:00")]
    [InlineData(4, "00:15:00")]
    [InlineData(int.MaxValue, "00:15:00")]
    public void Backoff_GrowsToAQuarterOfAnHour(int failures, string wait) =>
        Assert.Equal(TimeSpan.Parse(wait, null), FeedBackoff.After(failures, TimeSpan.FromMinutes(1)));

    [Theory]
    [InlineData("00:00:30", "00:02:00")]
    [InlineData("-00:01:00", "00:02:00")]
    [InlineData("00:05:10", "00:06:00")]
    [InlineData("1.00:00:00", "01:00:00")]
    public void Backoff_OfAServiceThatNamesATime_IsThatInWholeIntervalsUpToAnHour(string asked, string wait) =>
        Assert.Equal(TimeSpan.Parse(wait, null), FeedBackoff.After(1, TimeSpan.FromMinutes(1), TimeSpan.Parse(asked, null)));

    [Fact]
    public void Backoff_OfALongInterval_IsTheInterval() =>
        Assert.Equal(TimeSpan.FromHours(1), FeedBackoff.After(2, TimeSpan.FromHours(1)));

    [Theory]
    [InlineData("""{"access_token":{"access_token":"t"}}""", "t")]
    [InlineData("""{"access_token":"t"}""", "t")]
    [InlineData("""{"token":"t"}""", "t")]
    [InlineData("""{"access_token":[]}""", "")]
    [InlineData("""[]""", "")]
    public void Token_InEveryShape_IsFound(string body, string token) => Assert.Equal(token, UluMessages.Token(JsonDocument.Parse(body).RootElement));

    [Property]
    public void Read_AnyJson_NeverThrows(byte[] noise, int at)
    {
        var body = Encoding.UTF8.GetBytes(
            """{"vehicles":[{"id":1,"heartbeat_at":"2026-11-24T10:00:00+01:00","lat":"52.1","lon":"5"}],"trips":[{"id":2,"utc_start_at":"2026-11-24T10:00:00Z","utc_stop_at":null,"privacy":"private"}],"trip_points":[{"lat":"1","lon":"2","created_at":3}],"has_more":true}""");
        noise.AsSpan(0, Math.Min(noise.Length, 8)).CopyTo(body.AsSpan((int)((uint)at % (body.Length - 8))));
        var (document, _) = TrackerJson.Parse(body);
        using (document)
        {
            if (document is not null)
            {
                _ = UluMessages.Token(document.RootElement);
                _ = UluMessages.Vehicles(document.RootElement);
                _ = UluMessages.Trips(document.RootElement);
                _ = UluMessages.Points(document.RootElement, "1", 1);
            }
        }
    }
}
