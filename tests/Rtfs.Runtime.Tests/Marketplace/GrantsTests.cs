// Grants deny by default, and a path is judged by where it really leads.

using Rtfs.Runtime.Marketplace;
using Xunit;

namespace Rtfs.Runtime.Tests.Marketplace;

public sealed class GrantsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("rtfs-grants-").FullName;

    public GrantsTests()
    {
        Directory.CreateDirectory(In("data/inner"));
        Directory.CreateDirectory(In("database"));
        File.WriteAllText(In("secret.txt"), "");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("read", "/any")]
    [InlineData("write", "/any")]
    [InlineData("net", "localhost:80")]
    [InlineData("capability", "a:v1.0:b")]
    public void Nothing_is_granted_by_default(string kind, string target) =>
        Assert.False(Grants.None.Allows(new Effect(kind, target)));

    [Theory]
    [InlineData("data/x.csv", true)]
    [InlineData("data", true)]
    [InlineData("data/inner/not-there-yet.csv", true)]
    [InlineData("data/../secret.txt", false)]
    [InlineData("data/inner/../../secret.txt", false)]
    [InlineData("database/x.csv", false)]
    [InlineData("secret.txt", false)]
    public void A_granted_directory_covers_what_is_below_it(string path, bool allowed) =>
        Assert.Equal(allowed, Grants.None.AllowRead(In("data")).Allows(new Effect("read", In(path))));

    [Fact]
    public void Reading_is_not_writing()
    {
        var grants = Grants.None.AllowRead(In("data"));
        Assert.False(grants.Allows(new Effect("write", In("data/x.csv"))));
    }

    [Fact]
    public void A_link_is_judged_by_its_target()
    {
        File.CreateSymbolicLink(In("data/link.txt"), In("secret.txt"));
        Directory.CreateSymbolicLink(In("data/up"), _root);
        var grants = Grants.None.AllowRead(In("data"));
        Assert.False(grants.Allows(new Effect("read", In("data/link.txt"))));
        Assert.False(grants.Allows(new Effect("read", In("data/up/secret.txt"))));
        Assert.False(grants.Allows(new Effect("read", In("data/up/database/x"))));
        Assert.True(grants.Allows(new Effect("read", In("data/up/data/x"))));
    }

    [Fact]
    public void A_link_may_be_granted_for_what_it_leads_to()
    {
        Directory.CreateSymbolicLink(In("alias"), In("data"));
        Assert.True(Grants.None.AllowRead(In("alias")).Allows(new Effect("read", In("data/x.csv"))));
    }

    [Fact]
    public void A_cycle_of_links_leads_nowhere()
    {
        File.CreateSymbolicLink(In("data/one"), In("data/two"));
        File.CreateSymbolicLink(In("data/two"), In("data/one"));
        Assert.False(Grants.None.AllowRead(In("data")).Allows(new Effect("read", In("data/one"))));
    }

    [Theory]
    [InlineData("com.iot:*", "com.iot:v1.0:sensor", true)]
    [InlineData("*", "com.iot:v1.0:sensor", true)]
    [InlineData("com.iot:v1.0:sensor", "com.iot:v1.0:sensor", true)]
    [InlineData("com.iot:v1.0/sensor", "com.iot:v1.0:sensor", true)]
    [InlineData("com.iot:v1.0:sensor", "com.iot:v1.0:sensors", false)]
    [InlineData("com.iot:*", "com.iotx:v1.0:sensor", false)]
    [InlineData("com.iot:v1.?:*", "com.iot:v1.0:sensor", false)]
    public void A_pattern_names_capabilities(string pattern, string id, bool allowed) =>
        Assert.Equal(allowed, Grants.None.AllowCapability(pattern).Allows(new Effect("capability", id)));

    private string In(string path) => Path.Combine(_root, path);
}
