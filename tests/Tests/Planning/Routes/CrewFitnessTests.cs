using ChargeCars.Fleet.Vehicles;
using ChargeCars.Planning.Routes;
using static ChargeCars.Tests.Planning.Routes.PlannedDay;

namespace ChargeCars.Tests.Planning.Routes;

/// <summary>Who and what may do a visit at all.</summary>
public sealed class CrewFitnessTests
{
    [Theory]
    [InlineData("install", "")]
    [InlineData(" INSTALL ", "")]
    [InlineData("NEN 3140", "Nobody of North (V-196-RP) can do 'NEN 3140'.")]
    public void Skill_ThatNobodyHas_IsNamed(string skill, string expected) =>
        Assert.Equal(expected, Details(Visit("V-9", 0) with { RequiredSkills = [skill] }, North));

    [Theory]
    [InlineData("2026-03-04", "")] // the last day counts
    [InlineData(null, "")]
    [InlineData("2026-03-03", "The certificate 'VCA' of Anna ended on 3 March 2026.")]
    public void Certificate_ThatHasEnded_IsNamedWithItsDay_WhateverSkillIsClaimed(string? expires, string expected)
    {
        var anna = new CrewMember
        {
            Id = Anna,
            Name = "Anna",
            Skills = ["VCA"],
            Certifications = [new("VCA", expires is null ? null : DateOnly.Parse(expires, null))],
        };

        Assert.Equal(expected, Details(Visit("V-9", 0) with { RequiredSkills = ["VCA"] }, North with { Team = new(Team, "North", true, [anna]) }));
    }

    [Fact]
    public void Skills_MayBeOfDifferentPeople_OfThoseAssigned_OnTheDay()
    {
        var (bram, caro) = (new CrewMember { Id = Guid.NewGuid(), Name = "Bram", Skills = ["dig"] }, new CrewMember { Id = Guid.NewGuid(), Name = "Caro", Skills = ["climb"] });
        var visit = Visit("V-9", 0) with { RequiredSkills = ["install", "dig"] };
        var crew = North with { Team = new(Team, "North", true, [.. North.Members, bram, caro]) };

        Assert.Equal("", Details(visit, crew));
        Assert.Equal("Nobody of North (V-196-RP) can do 'dig'.", Details(visit with { AssigneeIds = [Anna, caro.Id] }, crew));
        Assert.Equal("Nobody of North (V-196-RP) can do 'dig'.", Details(visit, crew with { Team = new(Team, "North", true, [.. North.Members, bram with { ValidTo = Date.AddDays(-1) }]) }));
        Assert.Equal("", Details(visit, crew with { Team = new(Team, "North", true, [.. North.Members, bram with { ValidFrom = Date, ValidTo = Date }]) }));
    }

    [Fact]
    public void Team_ThatIsInactiveOrEmpty_IsNamed()
    {
        Assert.Equal("team_inactive!", Rules(Visit("V-9", 0), North with { Team = North.Team! with { IsActive = false } }));
        Assert.Equal("crew", Rules(Visit("V-9", 0), North with { Team = North.Team! with { Members = [] } }));
        Assert.Equal("crew", Rules(Visit("V-9", 0), North with { Team = null, Vehicle = null }));
        Assert.Equal("", Rules(Visit("V-9", 0) with { RequiredSkills = ["install"] }, North with { Team = null }));
    }

    [Theory]
    [InlineData(VehicleStatus.Maintenance, true, true, "maintenance!")]
    [InlineData(VehicleStatus.Driving, true, true, "")]
    [InlineData(VehicleStatus.Parked, false, false, "vehicle_inactive! vehicle_unavailable!")]
    public void Vehicle_ThatCantBeAssigned_IsNamed(VehicleStatus status, bool active, bool available, string expected) =>
        Assert.Equal(expected, Rules(Visit("V-9", 0), North with { Vehicle = North.Vehicle! with { Status = status, IsActive = active, IsAvailable = available } }));

    [Theory]
    [InlineData("2026-03-03", "The maintenance of V-196-RP was due on 3 March 2026.")]
    [InlineData("2026-03-04", "")]
    public void Maintenance_ThatIsDue_IsTold(string due, string expected) =>
        Assert.Equal(expected, Details(Visit("V-9", 0), North with { Vehicle = North.Vehicle! with { MaintenanceDue = DateOnly.Parse(due, null) } }));

    [Theory]
    [InlineData(null, "equipment")]
    [InlineData("", "equipment")]
    [InlineData("good", "")]
    [InlineData("out_of_order fair", "")]
    [InlineData("out_of_order needs_replacement", "equipment")]
    [InlineData("out_of_order", "equipment!")]
    public void Equipment_IsAsGoodAsItsBestPiece(string? conditions, string expected)
    {
        var pieces = conditions?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(condition => new Equipment
        {
            Name = "Installation tester",
            Category = EquipmentCategory.Measurement,
            Quantity = 1,
            Condition = WireText.Parse<EquipmentCondition>(condition),
        });

        Assert.Equal(expected, Rules(
            Visit("V-9", 0) with { RequiredEquipment = [EquipmentCategory.Measurement] },
            North with { Vehicle = North.Vehicle! with { Equipment = pieces?.ToList() } }));
    }

    [Fact]
    public void Parts_ThatTheVanLacks_AreCounted()
    {
        var (charger, cable) = (Guid.NewGuid(), Guid.NewGuid());
        var visit = Visit("V-9", 0) with { RequiredParts = [new(charger, "Alfen Eve", 1), new(cable, "cable", 2), new(cable, "cable", 1)] };

        Assert.Equal("", Details(visit, North));
        Assert.Equal(
            "V-196-RP carries 0 of 1 × Alfen Eve.|V-196-RP carries 2 of 3 × cable.",
            Details(visit, North with { Vehicle = North.Vehicle! with { Stock = new Dictionary<Guid, int> { [cable] = 2 } } }));
    }

    [Fact]
    public void Check_TellsEveryMissingSkill()
    {
        var answer = Check(Visit("V-9", 10, "10:00", "11:00") with { RequiredSkills = ["dig", "climb"] }, North);

        Assert.Equal("skill! skill!", PlannedDay.Rules(answer));
        Assert.False(answer.Feasible);
    }

    private static string Details(RouteVisit visit, Crew crew) => string.Join('|', CrewFitness.Violations(visit, crew).Select(found => found.Detail));

    private static string Rules(RouteVisit visit, Crew crew) => PlannedDay.Rules(new() { Violations = CrewFitness.Violations(visit, crew) });
}
