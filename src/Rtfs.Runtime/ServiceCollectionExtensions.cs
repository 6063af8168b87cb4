// The engine in a host's container.

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rtfs.Runtime.Marketplace;

namespace Rtfs.Runtime;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds one <see cref="RtfsEngine"/> to the container. It takes the container's <see cref="TimeProvider"/>,
    /// <see cref="ILoggerFactory"/> and every <see cref="IProviderFactory"/> where the options name none.
    /// </summary>
    public static IServiceCollection AddRtfs(this IServiceCollection services, Action<RtfsEngineOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddSingleton(provider =>
        {
            var options = new RtfsEngineOptions
            {
                Time = provider.GetService<TimeProvider>() ?? TimeProvider.System,
                LoggerFactory = provider.GetService<ILoggerFactory>(),
            };
            foreach (var factory in provider.GetServices<IProviderFactory>())
            {
                options.ProviderFactories.Add(factory);
            }

            configure?.Invoke(options);
            return new RtfsEngine(options);
        });
    }
}
