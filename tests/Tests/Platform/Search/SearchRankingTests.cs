using ChargeCars.Platform.Search;

namespace ChargeCars.Tests.Platform.Search;

public sealed class SearchRankingTests
{
    [Fact]
    public void Kinds_WithManyFinds_LeaveRoomForOneWithFew()
    {
        var finds = Enumerable.Range(0, 50).Select(n => Find("contact", 3, n)).Append(Find("organization", 4, 1));

        var chosen = SearchRanking.Choose(finds, 10);

        Assert.Equal(10, chosen.Count);
        Assert.Equal(["contact", "organization"], chosen.Select(find => find.Type).Distinct());
        Assert.Equal(49, chosen[0].Score);
        Assert.Single(chosen, find => find.Type == "organization");
    }

    [Fact]
    public void Kind_WithTheBestFind_ComesFirstAndStaysTogether()
    {
        var chosen = SearchRanking.Choose([Find("a", 4, 1), Find("b", 1, 1), Find("a", 2, 1), Find("b", 5, 1)], 10);

        Assert.Equal([("b", 1), ("b", 5), ("a", 2), ("a", 4)], chosen.Select(find => (find.Type, find.Tier)));
    }

    [Fact]
    public void Row_ThatWasFoundTwice_IsThereOnceByTheBetterOne()
    {
        var id = Guid.NewGuid();

        Assert.Equal(2, Assert.Single(SearchRanking.Choose([new("a", id, 5, 9), new("a", id, 2, 1)], 10)).Tier);
    }

    private static SearchFind Find(string type, int tier, float score) => new(type, Guid.NewGuid(), tier, score);
}
