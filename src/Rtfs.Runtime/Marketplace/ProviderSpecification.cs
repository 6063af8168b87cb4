// The keys of a registration's `:provider` map as a connector reads them, so that every connector words its mistakes alike.

using Rtfs.Runtime.Values;
using Rtfs.Syntax;

namespace Rtfs.Runtime.Marketplace;

/// <summary>Every mistake is a <see cref="ProviderException"/> that names the capability, the key, what was expected and what was found.</summary>
public sealed class ProviderSpecification
{
    private readonly CapabilityManifest _manifest;
    private readonly string _kind;

    /// <param name="keys">All keys that the provider knows, without colon; <c>kind</c> need not be among them.</param>
    public ProviderSpecification(CapabilityManifest manifest, params ReadOnlySpan<string> keys)
    {
        _manifest = manifest;
        _kind = NameOf(manifest.Provider.GetOrNil(Keyword.Of("kind"))) ?? "?";
        foreach (var (key, _) in manifest.Provider.Entries)
        {
            if (key.As<Keyword>() is not { } keyword)
            {
                throw Fault($"its keys are keywords, found {key}");
            }

            if (keyword.Name != "kind" && !keys.Contains(keyword.Name))
            {
                throw Fault($"unknown key {keyword}. {Suggest(keyword.Name, keys)}");
            }
        }
    }

    /// <summary>A fault of this specification, opened by the words that say whose it is.</summary>
    public ProviderException Fault(string message) => new($"Provider {{:kind :{_kind} …}} of {_manifest.Id}: {message}");

    /// <summary>A string that must be there and must not be blank.</summary>
    public string RequiredString(string key, string example)
    {
        var value = _manifest.Provider.GetOrNil(Keyword.Of(key));
        if (value.IsNil)
        {
            throw Fault($":{key} is missing. Add it: {example}");
        }

        return value.As<string>() is { } text && !string.IsNullOrWhiteSpace(text)
            ? text
            : throw Fault($":{key} must be a string that is not blank, found {value}. For example: {example}");
    }

    /// <summary>One of some names, as a keyword or a string; null when the key is absent.</summary>
    public string? OptionalName(string key, params ReadOnlySpan<string> names)
    {
        var value = _manifest.Provider.GetOrNil(Keyword.Of(key));
        if (value.IsNil)
        {
            return null;
        }

        if (NameOf(value) is not { } name || !names.Contains(name))
        {
            throw Fault($":{key} {value} is not available. {Suggest(NameOf(value) ?? "", names)}");
        }

        return name;
    }

    /// <summary>True or false; null when the key is absent.</summary>
    public bool? OptionalBool(string key)
    {
        var value = _manifest.Provider.GetOrNil(Keyword.Of(key));
        return value switch
        {
            { IsNil: true } => null,
            { IsBool: true } => value.AsBool,
            _ => throw Fault($":{key} must be true or false, found {value}"),
        };
    }

    private static string? NameOf(Value value) => value.As<Keyword>()?.Name ?? value.As<string>();

    private static string Suggest(string name, ReadOnlySpan<string> known)
    {
        var nearest = Language.Nearest(name, known.ToArray());
        var all = string.Join(' ', known.ToArray().Select(key => ":" + key));
        return nearest is null ? $"Available: {all}" : $"Did you mean :{nearest}? Available: {all}";
    }
}
